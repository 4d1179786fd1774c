//! Waiting for sockets: level-triggered epoll, so that one receive an event is enough, and a bell for commands.

use super::slots::Key;
use rustix::{
    event::{EventfdFlags, Timespec, epoll, eventfd},
    fd::{AsFd, OwnedFd},
};
use std::{io, mem::MaybeUninit, sync::Arc, time::Duration};

/// Marks in the upper octet of an event's number; keys of trunk legs leave it zero.
const BELL: u64 = 1 << 56;
const BROWSER: u64 = 2 << 56;
/// Events taken at once.
const BATCH: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ready {
    /// Commands wait.
    Bell,
    /// The muxed socket of that number.
    Browser(usize),
    Trunk(Key),
}

/// Rung from any thread.
#[derive(Debug, Clone)]
pub struct Bell(Arc<OwnedFd>);

impl Bell {
    pub fn ring(&self) {
        // It only fails when the count is full, and then the thread is awake anyway.
        let _ = rustix::io::write(&*self.0, &1u64.to_ne_bytes());
    }
}

#[derive(Debug)]
pub struct Poll {
    epoll: OwnedFd,
    bell: Bell,
}

impl Poll {
    pub fn new() -> io::Result<Poll> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let bell = Bell(Arc::new(eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?));
        epoll::add(&epoll, &*bell.0, epoll::EventData::new_u64(BELL), epoll::EventFlags::IN)?;
        Ok(Poll { epoll, bell })
    }

    pub fn bell(&self) -> Bell {
        self.bell.clone()
    }

    pub fn add(&self, socket: impl AsFd, ready: Ready) -> io::Result<()> {
        let number = match ready {
            Ready::Bell => BELL,
            Ready::Browser(index) => BROWSER | index as u64,
            Ready::Trunk(key) => key.to_u64(),
        };
        Ok(epoll::add(&self.epoll, socket, epoll::EventData::new_u64(number), epoll::EventFlags::IN)?)
    }

    /// Appends what is ready within `timeout` (rounded up to a millisecond).
    pub fn wait(&self, timeout: Duration, ready: &mut Vec<Ready>) {
        let timeout = Timespec { tv_sec: timeout.as_secs() as i64, tv_nsec: i64::from(timeout.subsec_nanos()) };
        let mut events = [const { MaybeUninit::uninit() }; BATCH];
        // An interrupted wait is a wait without events.
        let Ok((events, _)) = epoll::wait(&self.epoll, &mut events, Some(&timeout)) else { return };
        for event in events {
            let number = { event.data }.u64();
            ready.push(match number >> 56 {
                1 => {
                    let _ = rustix::io::read(&*self.bell.0, &mut [0; 8]);
                    Ready::Bell
                }
                2 => Ready::Browser((number & u64::from(u32::MAX)) as usize),
                _ => Ready::Trunk(Key::from_u64(number)),
            });
        }
    }
}

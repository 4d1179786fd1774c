//! A wire between people's programs and the service that keeps what comes back to them.

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

/// What came back over one connection.
type Back = Arc<Mutex<Vec<u8>>>;

/// Listens on loopback and hands every connection on.
pub struct Wire {
    pub address: SocketAddr,
    kept: Arc<Mutex<Vec<Back>>>,
}

impl Wire {
    /// # Errors
    /// No port is free.
    pub fn before(service: SocketAddr) -> anyhow::Result<Wire> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let wire = Wire { address: listener.local_addr()?, kept: Arc::default() };
        let kept = wire.kept.clone();
        std::thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let Ok(far) = TcpStream::connect(service) else { continue };
                let back = Arc::new(Mutex::new(Vec::new()));
                kept.lock().unwrap_or_else(|e| e.into_inner()).push(back.clone());
                let (Ok(from_near), Ok(to_far)) = (near.try_clone(), far.try_clone()) else { continue };
                std::thread::spawn(move || hand_on(from_near, to_far, None));
                std::thread::spawn(move || hand_on(far, near, Some(&back)));
            }
        });
        Ok(wire)
    }

    /// All that the service sent, connection by connection.
    pub fn kept(&self) -> Vec<Vec<u8>> {
        let kept = self.kept.lock().unwrap_or_else(|e| e.into_inner());
        kept.iter().map(|back| back.lock().unwrap_or_else(|e| e.into_inner()).clone()).collect()
    }
}

fn hand_on(mut from: TcpStream, mut to: TcpStream, keep: Option<&Mutex<Vec<u8>>>) {
    let mut buffer = [0; 16 << 10];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        if let Some(keep) = keep {
            keep.lock().unwrap_or_else(|e| e.into_inner()).extend(&buffer[..read]);
        }
        if to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    // The other half may still have something to say.
    drop(to.shutdown(Shutdown::Write));
}

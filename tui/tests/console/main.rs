//! The console by key presses: against constructed boards, against a small server, and the real binary in tmux.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod fixture;
mod keys;
mod link;
mod screens;
mod server;
mod sweep;
mod terminal;

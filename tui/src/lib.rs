//! hutong-console: the supervisor's console. `update` is pure, `view` only draws, the network and the sound card live on
//! threads of their own, so that a key never waits for either.

pub mod app;
pub mod args;
pub mod audio;
pub mod clock;
pub mod event;
pub mod fuzzy;
pub mod input;
pub mod keys;
pub mod net;
pub mod state;
pub mod terminal;
pub mod text;
pub mod theme;
pub mod update;
pub mod view;
pub mod words;

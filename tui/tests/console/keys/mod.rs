//! What keys ask for, what they may not, and what the colours say.

mod alarms;
mod around;
mod customers;
mod floor;
mod inbox;
mod monitor;
mod pages;
mod session;
mod settings;
mod unmask;
mod what_if;

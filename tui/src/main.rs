use clap::Parser;

fn main() -> anyhow::Result<()> {
    hutong_console::app::run(&hutong_console::args::Args::parse())
}

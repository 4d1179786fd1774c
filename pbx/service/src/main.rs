//! The binary `hutong`: see `hutong --help`.

fn main() -> std::process::ExitCode {
    hutong::cli::main()
}

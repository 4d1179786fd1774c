//! The page is built into the binary from web/dist. Where nobody has built it the folder is made empty, so that cargo
//! has something to watch and does not rebuild the service every time.

fn main() {
    let dist = std::path::Path::new("../../web/dist");
    drop(std::fs::create_dir_all(dist));
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={}", dist.display());
}

//! Uploaded files in data_dir/import.

use crate::http::problem::Problem;
use axum::extract::{Multipart, multipart::Field};
use hutong_api::Refusal;
use std::path::{Path, PathBuf};
use tokio::io::AsyncWriteExt;

/// Largest file taken, in bytes.
pub const LARGEST: usize = 100 << 20;

#[derive(Debug)]
pub(super) struct Spooled(pub(super) PathBuf);

impl Drop for Spooled {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

/// What a killed process left of uploads.
pub fn clear(data_dir: &Path) {
    let Ok(files) = std::fs::read_dir(data_dir.join("import")) else { return };
    for path in files.flatten().map(|file| file.path()) {
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        if name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            drop(std::fs::remove_file(path));
        }
    }
}

pub(super) async fn spool(data_dir: &Path, parts: &mut Multipart) -> Result<(PathBuf, String), Problem> {
    let bad = |_| Problem::new("request.bad");
    while let Some(mut field) = parts.next_field().await.map_err(bad)? {
        if field.name() == Some("file") {
            let name: String =
                field.file_name().unwrap_or("file.csv").chars().filter(|c| !c.is_control()).take(120).collect();
            let dir = data_dir.join("import");
            let path = dir.join(format!("{:032x}.csv", rand::random::<u128>()));
            return match write(&dir, &path, &mut field).await {
                Ok(()) => Ok((path, name)),
                Err(problem) => {
                    drop(tokio::fs::remove_file(&path).await);
                    Err(problem)
                }
            };
        }
    }
    Err(Problem::new("request.bad"))
}

async fn write(dir: &Path, path: &Path, field: &mut Field<'_>) -> Result<(), Problem> {
    let failed = |error: std::io::Error| {
        Problem::new(match error.kind() {
            std::io::ErrorKind::StorageFull => "request.storage_full",
            _ => "request.failed",
        })
    };
    let too_large = || Problem::from(Refusal::new("request.too_large").with("max", LARGEST >> 20));
    tokio::fs::create_dir_all(dir).await.map_err(failed)?;
    let mut file = tokio::fs::File::create_new(path).await.map_err(failed)?;
    let mut size = 0;
    while let Some(chunk) = field.chunk().await.map_err(|_| too_large())? {
        size += chunk.len();
        if size > LARGEST {
            return Err(too_large());
        }
        file.write_all(&chunk).await.map_err(failed)?;
    }
    file.flush().await.map_err(failed)
}

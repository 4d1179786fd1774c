//! Passwords that nobody chose, and how all are kept: argon2id, 19 MiB, 2 passes, 1 lane (docs/rules.md), as a PHC string.

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version,
    password_hash::{Error, SaltString},
};
use rand::Rng;

/// Letters and digits that are not taken for each other on paper or by telephone.
const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// 16 letters, some 92 bits.
pub fn random() -> String {
    let mut rng = rand::rng();
    (0..16).map(|_| char::from(LETTERS[rng.random_range(0..LETTERS.len())])).collect()
}

pub fn hash(password: &str) -> Result<String, Error> {
    let params = Params::new(19 * 1024, 2, 1, None)?;
    let salt = SaltString::encode_b64(&rand::rng().random::<[u8; 16]>())?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    Ok(argon.hash_password(password.as_bytes(), &salt)?.to_string())
}

/// Whether the password is the hash's, whatever strength the hash was made with.
pub fn fits(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

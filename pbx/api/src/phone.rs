//! A telephone number as Hutong dials it. How an office's cell becomes one is hutong-core's `import::number`.

use serde::{Deserialize, Serialize};

/// 3 to 20 ASCII digits, national form: 13800138000, 05928888888, 4008008000, 95588.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

impl Phone {
    pub const MIN_DIGITS: usize = 3;
    pub const MAX_DIGITS: usize = 20;

    pub fn from_digits(digits: &str) -> Option<Phone> {
        let fits = (Self::MIN_DIGITS..=Self::MAX_DIGITS).contains(&digits.len());
        (fits && digits.bytes().all(|b| b.is_ascii_digit())).then(|| Phone(digits.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// 138****8000: the first three and last four digits of a number of eight or more; of a shorter one only the last two.
    pub fn masked(&self) -> String {
        let n = self.0.len();
        if n >= 8 { format!("{}****{}", &self.0[..3], &self.0[n - 4..]) } else { format!("****{}", &self.0[n - 2..]) }
    }
}

impl TryFrom<String> for Phone {
    type Error = &'static str;
    fn try_from(digits: String) -> Result<Phone, Self::Error> {
        Phone::from_digits(&digits).ok_or("a phone number is 3 to 20 digits")
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> String {
        phone.0
    }
}

impl std::fmt::Display for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

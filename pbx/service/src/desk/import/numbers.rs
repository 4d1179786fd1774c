//! The numbers of a campaign, each once (table lead_phone). Added sorted at the end of the staging: in list order every one
//! would dirty a page of its own.

use crate::store::{Store, StoreError};
use hutong_api::{CampaignId, CompanyId, Phone};
use rusqlite::{Transaction, params};
use std::time::{Duration, Instant};

const BUDGET: Duration = Duration::from_millis(20);

/// Packed number and lead of every row added.
#[derive(Debug, Default)]
pub struct Numbers(Vec<(u64, i64)>);

impl Numbers {
    pub fn extend(&mut self, more: &[(u64, i64)]) {
        self.0.extend_from_slice(more);
    }

    /// Writes them, in transactions of `BUDGET`.
    pub async fn store(mut self, store: &Store, company: CompanyId, campaign: CampaignId) -> Result<(), StoreError> {
        self.0.sort_unstable();
        let mut from = 0;
        while from < self.0.len() {
            let work = move |tx: &Transaction<'_>| {
                let sql = "INSERT INTO lead_phone (campaign_id, phone, company_id, lead_id) VALUES (?1, ?2, ?3, ?4)";
                let mut insert = tx.prepare_cached(sql)?;
                let (begun, mut next) = (Instant::now(), from);
                for (number, lead) in &self.0[from..] {
                    insert.execute(params![campaign.0, unpack(*number), company.0, lead])?;
                    next += 1;
                    if begun.elapsed() > BUDGET {
                        break;
                    }
                }
                Ok((self, next))
            };
            (self, from) = store.write(work).await?;
        }
        Ok(())
    }
}

/// The campaign has this number, from an earlier import.
pub fn known(tx: &Transaction<'_>, campaign: CampaignId, phone: &Phone) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM lead_phone WHERE campaign_id = ?1 AND phone = ?2)";
    Ok(tx.prepare_cached(sql)?.query_row(params![campaign.0, phone.as_str()], |row| row.get(0))?)
}

/// A number as an integer that sorts as its text does: fifteen digits to the left, then how many of them count.
pub fn pack(phone: &Phone) -> u64 {
    let digits = phone.as_str();
    let value = digits.bytes().fold(0u64, |value, digit| value * 10 + u64::from(digit - b'0'));
    let length = digits.len().min(15) as u32;
    value * 10u64.pow(15 - length) * 16 + u64::from(length)
}

fn unpack(packed: u64) -> String {
    let length = (packed % 16) as usize;
    let digits = format!("{:015}", packed / 16);
    digits.get(..length).unwrap_or(&digits).to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn packed_numbers_sort_and_read_as_their_texts() {
        let mut texts = ["13900001111", "05928888888", "075588888888", "4008008000", "95588", "955880", "01088888888"];
        let mut packed = texts.map(|text| pack(&Phone::from_digits(text).unwrap()));
        texts.sort_unstable();
        packed.sort_unstable();
        assert_eq!(packed.map(unpack), texts);
    }
}

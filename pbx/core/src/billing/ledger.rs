//! Postings: call charges, top-ups and corrections, seat fees and what of them could not be paid (F99–F102).

use super::seat_fee;
use crate::{
    Engine,
    io::{Cdr, Change, LedgerEntry, LedgerKind, ReqId},
};
use hutong_api::{CompanyId, Micro, Refusal, SeatId};
use jiff::{ToSpan, civil::Date};

/// Days of standstill whose fees are posted late; beyond that somebody moved the clock.
const LATE_DAYS: i32 = 31;

impl Engine {
    /// One ledger line per leg that was sent, also at 0 (F99).
    pub(crate) fn post_charge(&mut self, cdr: &Cdr) {
        let open = &cdr.open;
        if let Some(company) = self.companies.get_mut(&open.company) {
            company.today.charged += cdr.charge;
            if let Some(seat) = open.seat.filter(|_| open.kind.by_hand()) {
                *company.today.by_hand.entry(seat).or_default() += cdr.charge;
            }
        }
        self.post(LedgerEntry {
            company: open.company,
            at: cdr.ended,
            kind: LedgerKind::CallCharge,
            amount: -cdr.charge,
            key: format!("call:{}", open.call),
            call: Some(open.call),
            seat: open.seat,
            by: "system".into(),
            note: String::new(),
        });
    }

    /// Top-up (pays owed seat fees first) or correction by the box operator.
    pub(crate) fn money(
        &mut self,
        req: ReqId,
        id: CompanyId,
        kind: LedgerKind,
        amount: Micro,
        by: String,
        note: String,
    ) -> Result<(), Refusal> {
        let company = self.companies.get_mut(&id).ok_or(Refusal::new("company.unknown"))?;
        let word = match kind {
            LedgerKind::TopUp if amount > Micro::ZERO => "topup",
            LedgerKind::Correction if amount != Micro::ZERO => "correction",
            _ => return Err(Refusal::new("money.bad_amount").with("amount", amount)),
        };
        let left =
            company.available().checked_add(amount).ok_or(Refusal::new("money.bad_amount").with("amount", amount))?;
        if amount < Micro::ZERO && left < Micro::ZERO && !company.cfg.unlimited {
            return Err(Refusal::new("money.below_zero").with("available", company.available()));
        }
        company.broke = false;
        // Request numbers start over with each process; the moment keeps the key unique.
        let mark = format!("{}:{}", self.now.wall.0, req.0);
        let entry = self.entry(id, kind, amount, format!("{word}:{mark}"), None, by.clone(), note);
        self.post(entry);
        if kind == LedgerKind::TopUp {
            self.pay_owed(id, &mark);
        }
        let name = if kind == LedgerKind::TopUp { "topped_up" } else { "corrected" };
        self.event(id, false, name, &[("amount", &amount.to_string()), ("by", &by)]);
        self.dirty.insert(id);
        Ok(())
    }

    /// The fees of every day up to today that are not posted yet.
    pub(crate) fn post_fees(&mut self, id: CompanyId) {
        let Some(company) = self.companies.get(&id).filter(|c| c.cfg.seat_fee_month > Micro::ZERO) else { return };
        let (today, month_fee) = (company.day, company.cfg.seat_fee_month);
        let mut owed = Micro::ZERO;
        for seat_id in company.seats.clone() {
            let Some(seat) = self.seats.get_mut(&seat_id).filter(|s| s.cfg.enabled) else { continue };
            let after = |date: Date| date.checked_add(1.day()).unwrap_or(today);
            let earliest = today.checked_sub(LATE_DAYS.days()).unwrap_or(today);
            let mut day = seat.fee_through.map_or(today, after).max(earliest);
            while day <= today {
                owed += self.post_fee(id, seat_id, day, seat_fee::of_day(month_fee, day));
                day = after(day);
            }
            if let Some(seat) = self.seats.get_mut(&seat_id) {
                seat.fee_through = seat.fee_through.max(Some(today));
            }
        }
        if owed > Micro::ZERO {
            self.event(id, true, "fee_owed", &[("amount", &owed.to_string())]);
        }
    }

    /// A new local day: counters start over, fees are due.
    pub(crate) fn turn_day(&mut self, id: CompanyId) {
        let Some(company) = self.companies.get_mut(&id) else { return };
        let day = company.local(self.now.wall).date;
        if day <= company.day {
            return;
        }
        company.day = day;
        company.spend_told = false;
        company.today = Default::default();
        company.today.dialled_by_hour.resize(24, 0);
        company.today.answered_by_hour.resize(24, 0);
        for seat_id in company.seats.clone() {
            if let Some(seat) = self.seats.get_mut(&seat_id) {
                (seat.today_calls, seat.today_talk_s, seat.today_wrap_ms) = (0, 0, 0);
                self.moved.insert(seat_id);
            }
        }
        for trunk in self.trunks.values_mut().filter(|t| t.cfg.company == id) {
            (trunk.attempts, trunk.answers, trunk.pdd_sum_ms, trunk.pdd_count) = (0, 0, 0, 0);
        }
        self.post_fees(id);
    }

    /// Returns what of the fee stays owed: live calls' reservations are not touched.
    fn post_fee(&mut self, id: CompanyId, seat: SeatId, day: Date, fee: Micro) -> Micro {
        let Some(company) = self.companies.get(&id) else { return Micro::ZERO };
        let payable = if company.cfg.unlimited { fee } else { fee.min(company.available()).max(Micro::ZERO) };
        let owed = fee - payable;
        for (kind, amount, word) in [(LedgerKind::SeatFee, -payable, "fee"), (LedgerKind::SeatFeeOwed, owed, "owed")] {
            if amount != Micro::ZERO {
                let key = format!("{word}:{seat}:{day}");
                let entry = self.entry(id, kind, amount, key, Some(seat), "system".into(), String::new());
                self.post(entry);
            }
        }
        owed
    }

    /// Paid from the balance, and no longer owed: two lines.
    fn pay_owed(&mut self, id: CompanyId, mark: &str) {
        let Some(company) = self.companies.get(&id) else { return };
        let paid = company.owed.min(company.available()).max(Micro::ZERO);
        if paid == Micro::ZERO {
            return;
        }
        for (kind, word) in [(LedgerKind::SeatFee, "fee_late"), (LedgerKind::SeatFeeOwed, "owed_paid")] {
            let entry = self.entry(id, kind, -paid, format!("{word}:{mark}"), None, "system".into(), String::new());
            self.post(entry);
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn entry(
        &self,
        company: CompanyId,
        kind: LedgerKind,
        amount: Micro,
        key: String,
        seat: Option<SeatId>,
        by: String,
        note: String,
    ) -> LedgerEntry {
        LedgerEntry { company, at: self.now.wall, kind, amount, key, call: None, seat, by, note }
    }

    fn post(&mut self, entry: LedgerEntry) {
        if let Some(company) = self.companies.get_mut(&entry.company) {
            match entry.kind {
                LedgerKind::SeatFeeOwed => company.owed += entry.amount,
                _ => company.balance += entry.amount,
            }
        }
        self.change(Change::Ledger(entry));
    }
}

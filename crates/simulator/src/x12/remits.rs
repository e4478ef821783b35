//! Remittances: an 835 for each day on which the payer paid or denied, balanced line by line.
//! Knows what the invented payer decided and nothing of why.

use domain::event::ClaimSubmitted;
use domain::{Cents, KnownAt, ValidAt, ValidDay};

use super::envelope::{AGENCY, File, Numbers, PAYER, date, dollars};
use crate::agency::Agency;

/// What the payer did with a claim.
pub(super) struct Remittance<'a> {
    pub(super) at: KnownAt,
    pub(super) claim: &'a ClaimSubmitted,
    /// Nothing: denied.
    pub(super) paid: Option<i64>,
    pub(super) tcn: Option<&'a str>,
}

pub(super) fn file(day: ValidDay, remittances: &[Remittance<'_>], agency: &Agency, numbers: &mut Numbers, name_contacts: bool) -> String {
    let at = remittances.first().map_or_else(|| day.begins(), |r| ValidAt::from_micros(r.at.micros()));
    let mut file = File::begin(numbers, PAYER, AGENCY, at, "HP", "005010X221A1");
    let total: i64 = remittances.iter().filter_map(|r| r.paid).sum();
    let day = date(day);
    file.set("835", "");
    let method = if total == 0 { "NON***********" } else { "ACH*CCP*01*999999992*DA*1234*1141797357**01*999999992*DA*5678" };
    file.add(&format!("BPR*{}*{}*C*{method}*{day}", if total == 0 { 'H' } else { 'I' }, dollars(total)));
    file.add(&format!("TRN*1*EFT{day}*1141797357"));
    file.add(&format!("DTM*405*{day}"));
    file.add("N1*PR*NYSDOH");
    file.add("N3*3 STATE ST");
    file.add("N4*ALBANY*NY*12237");
    file.add("PER*BL*PROVIDER SERVICES*TE*5185550199");
    let npi = remittances.first().map(|r| agency.npi(&r.claim.program)).unwrap_or_default();
    file.add(&format!("N1*PE*INVENTED AGENCY*XX*{npi}"));
    file.add("REF*TJ*141111111");
    file.add("LX*1");
    for remittance in remittances {
        claim(&mut file, remittance, name_contacts);
    }
    file.end_set();
    file.end()
}

fn claim(file: &mut File, remittance: &Remittance<'_>, name_contacts: bool) {
    let claim = remittance.claim;
    let total: Cents = claim.lines.iter().map(|line| line.charge_cents).sum();
    let paid = remittance.paid.unwrap_or(0);
    let status = if remittance.paid.is_some() { '1' } else { '4' };
    // A denied claim has a number too.
    let own = format!("DEN{}", claim.claim);
    file.add(&format!("CLP*{}*{status}*{}*{}**MC*{}", claim.claim, dollars(total.0), dollars(paid), remittance.tcn.unwrap_or(&own)));
    file.add(&format!("NM1*QC*1*TEST*PERSON****MI*{}", claim.individual));
    let mut left = paid;
    for (n, line) in claim.lines.iter().enumerate() {
        let last = n + 1 == claim.lines.len();
        let part = if last { left } else { Cents(paid).share(line.charge_cents, total).0 };
        left -= part;
        let modifiers: String = line.modifiers.iter().map(|m| format!(":{m}")).collect();
        let (charge, units) = (line.charge_cents.0, line.units.0);
        file.add(&format!("SVC*HC:{}{modifiers}*{}*{}**{units}", line.hcpcs, dollars(charge), dollars(part)));
        file.add(&format!("DTM*472*{}", date(claim.service_date)));
        if charge != part {
            // 27: after coverage ended. 45: more than the fee schedule.
            let reason = if remittance.paid.is_some() { "45" } else { "27" };
            file.add(&format!("CAS*CO*{reason}*{}", dollars(charge - part)));
        }
        if name_contacts {
            file.add(&format!("REF*6R*{}", line.contact));
        }
    }
}

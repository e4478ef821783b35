//! Files of claims: 837I of New York's clinics with the rate code as value code 24, 837P of the others.
//! A set holds one claim, so that the second of its submission is not lost; diagnoses and addresses are the same for everybody and of nobody.

use super::envelope::{AGENCY, File, Numbers, PAYER, date, dollars, time};
use super::Submission;
use crate::agency::Agency;

/// A file of claims and, in their order, the source ids that reading them gives.
pub(super) struct Written {
    pub(super) text: String,
    pub(super) keys: Vec<String>,
}

pub(super) fn file(guide: &str, submissions: &[Submission<'_>], agency: &Agency, numbers: &mut Numbers, name_contacts: bool) -> Written {
    let version = if guide == "837I" { "005010X223A2" } else { "005010X222A1" };
    let mut keys = Vec::new();
    let Some(first) = submissions.first() else { return Written { text: String::new(), keys } };
    let mut file = File::begin(numbers, AGENCY, PAYER, first.at, "HC", version);
    for submission in submissions {
        file.set("837", version);
        let day = date(submission.at.local_day());
        keys.push(format!("x12:837:{}:{}:{}", day.get(2..).unwrap_or_default(), file.place(), submission.claim.claim));
        set(&mut file, guide, submission, agency, name_contacts);
        file.end_set();
    }
    Written { text: file.end(), keys }
}

fn set(file: &mut File, guide: &str, submission: &Submission<'_>, agency: &Agency, name_contacts: bool) {
    let (claim, institutional) = (submission.claim, guide == "837I");
    let (npi, taxonomy) = (agency.npi(&claim.program), if agency.is_clinic(&claim.program) { "261QM0801X" } else { "251S00000X" });
    let day = date(claim.service_date);
    let total: i64 = claim.lines.iter().map(|line| line.charge_cents.0).sum();
    let (number, individual) = (&claim.claim, &claim.individual);
    file.add(&format!("BHT*0019*00*{number}*{}*{}*CH", date(submission.at.local_day()), time(submission.at)));
    file.add(&format!("NM1*41*2*INVENTED AGENCY*****46*{AGENCY}"));
    file.add("PER*IC*BILLING*TE*5185550100");
    file.add("NM1*40*2*NYSDOH*****46*141797357");
    file.add("HL*1**20*1");
    file.add(&format!("PRV*BI*PXC*{taxonomy}"));
    file.add(&format!("NM1*85*2*INVENTED AGENCY*****XX*{npi}"));
    file.add("N3*1 MAIN ST");
    file.add("N4*ALBANY*NY*122070001");
    file.add("REF*EI*141111111");
    file.add("HL*2*1*22*0");
    file.add("SBR*P*18*******MC");
    file.add(&format!("NM1*IL*1*TEST*PERSON****MI*{individual}"));
    file.add("N3*2 MAIN ST");
    file.add("N4*ALBANY*NY*122070001");
    file.add("DMG*D8*19800101*U");
    file.add("NM1*PR*2*NYSDOH*****PI*141797357");
    let frequency = char::from(submission.frequency);
    if institutional {
        file.add(&format!("CLM*{number}*{}***73:A:{frequency}**A*Y*Y", dollars(total)));
        file.add(&format!("DTP*434*RD8*{day}-{day}"));
        file.add("CL1*3*9*01");
    } else {
        file.add(&format!("CLM*{number}*{}***11:B:{frequency}*Y*A*Y*Y", dollars(total)));
    }
    if let Some(original) = submission.original {
        file.add(&format!("REF*F8*{original}"));
    }
    file.add("HI*ABK:F329");
    if institutional {
        if let Some(code) = &claim.rate_code {
            file.add(&format!("HI*BE:24:::{code}"));
        }
        file.add("NM1*71*1*PROVIDER*ATTENDING****XX*1234567893");
    }
    for (n, line) in claim.lines.iter().enumerate() {
        let modifiers: String = line.modifiers.iter().map(|m| format!(":{m}")).collect();
        let (code, charge, units) = (&line.hcpcs, dollars(line.charge_cents.0), line.units.0);
        file.add(&format!("LX*{}", n + 1));
        if institutional {
            file.add(&format!("SV2*0900*HC:{code}{modifiers}*{charge}*UN*{units}"));
        } else {
            file.add(&format!("SV1*HC:{code}{modifiers}*{charge}*UN*{units}***1"));
        }
        file.add(&format!("DTP*472*D8*{day}"));
        if name_contacts {
            file.add(&format!("REF*6R*{}", line.contact));
        }
    }
}

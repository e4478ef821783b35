//! How many bytes of 837I a second are read on one thread, and that memory does not grow with the file: `cargo bench -p x12`.
//! Times the machine it runs on and judges nothing.
#![allow(clippy::disallowed_methods, reason = "a benchmark measures time")]

use std::fmt::Write as _;
use std::io::Read;
use std::time::Instant;

use x12::{Found, Item};

/// Claims in a transaction set, as the guide recommends at most.
const CLAIMS_IN_A_SET: u32 = 5_000;

/// The sets of an interchange, made one after the other as they are read: the whole is never in memory.
struct Claims {
    sets: u32,
    made: u32,
    text: Vec<u8>,
    at: usize,
}

impl Claims {
    fn new(sets: u32) -> Self {
        let isa = "ISA*00*          *00*          *ZZ*SENDERETIN     *ZZ*EMEDNYBAT      *260105*1200*^*00501*000000001*0*T*:~";
        let text = format!("{isa}GS*HC*SENDERETIN*EMEDNYBAT*20260105*1200*1*X*005010X223A2~").into_bytes();
        Self { sets, made: 0, text, at: 0 }
    }

    fn set(number: u32) -> String {
        let mut text = format!(
            "ST*837*{number:04}*005010X223A2~BHT*0019*00*B{number}*20260105*1200*CH~NM1*41*2*SYNTHETIC CLINIC*****46*ETIN~PER*IC*BILLING*TE*5185550100~\
             NM1*40*2*NYSDOH*****46*141797357~HL*1**20*1~PRV*BI*PXC*261QM0801X~NM1*85*2*SYNTHETIC CLINIC*****XX*1234567893~N3*1 MAIN ST~\
             N4*ALBANY*NY*122070001~REF*EI*141111111~"
        );
        let mut segments = 11;
        for n in 0..CLAIMS_IN_A_SET {
            let _ = write!(
                text,
                "HL*{}*1*22*0~SBR*P*18*******MC~NM1*IL*1*TEST*PERSON****MI*ZZ{:05}Z~N3*2 MAIN ST~N4*ALBANY*NY*122070001~DMG*D8*19800101*F~\
                 NM1*PR*2*NYSDOH*****PI*141797357~CLM*CLM{number}-{n}*120***73:A:1**A*Y*Y~DTP*434*RD8*20260102-20260102~CL1*3*9*01~HI*ABK:F329~\
                 HI*BE:24:::1474~NM1*71*1*PROVIDER*ATT****XX*1234567893~LX*1~SV2*0900*HC:H0038*80*UN*4~DTP*472*D8*20260102~LX*2~\
                 SV2*0900*HC:H0038:HQ*40*UN*2~DTP*472*D8*20260102~",
                n + 2,
                n % 100_000
            );
            segments += 19;
        }
        let _ = write!(text, "SE*{}*{number:04}~", segments + 1);
        text
    }
}

impl Read for Claims {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.text.len() && self.made <= self.sets {
            self.made += 1;
            let end = format!("GE*{}*1~IEA*1*000000001~", self.sets);
            self.text = if self.made <= self.sets { Self::set(self.made).into_bytes() } else { end.into_bytes() };
            self.at = 0;
        }
        let n = (self.text.len() - self.at).min(out.len());
        out[..n].copy_from_slice(&self.text[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

/// Greatest resident memory so far, in kilobytes, where the system says.
fn greatest_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().trim_end_matches(" kB").parse().ok()
}

fn main() -> std::io::Result<()> {
    // First, before anything large was in memory.
    for sets in [40, 200] {
        let mut claims = 0;
        x12::read(Claims::new(sets), |found| claims += u32::from(matches!(found, Found::Item(Item::Claim(_)))))?;
        println!("{claims} claims as a stream: greatest memory {} kB", greatest_memory().unwrap_or(0));
    }
    // In memory, so that only reading is timed.
    let mut text = Vec::new();
    Claims::new(20).read_to_end(&mut text)?;
    for _ in 0..3 {
        let (mut claims, mut problems) = (0, 0);
        let start = Instant::now();
        x12::read(&text[..], |found| match found {
            Found::Item(Item::Claim(_)) => claims += 1,
            Found::Item(_) | Found::End { .. } => {}
            Found::Problem(problem) => {
                println!("{problem}");
                problems += 1;
            }
        })?;
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "837I: {claims} claims, {problems} problems, {:.1} MB/s, {:.0} claims/s",
            text.len() as f64 / seconds / 1e6,
            f64::from(claims) / seconds
        );
    }
    Ok(())
}

//! What the columns and words of other systems usually mean: the only knowledge that a proposal has beside the vocabulary itself.
//! Data and nothing else; what is not here is not guessed.

/// Headers, in lower case and single words, that name a field: field, headers that surely do, headers that may.
pub(super) const HEADERS: &[(&str, &[&str], &[&str])] = &[
    ("contact", &["encounter id", "contact id", "service id", "visit id", "service entry id", "activity id"], &["appointment id", "event id", "encounter", "session id"]),
    (
        "individual",
        &["client id", "individual id", "patient id", "consumer id", "participant id", "member id", "recipient id", "person served id", "mrn"],
        &["client", "patient", "consumer", "participant", "chart id", "case id", "record id"],
    ),
    ("peer", &["peer id", "staff id", "provider id", "practitioner id", "worker id", "rendering provider id", "clinician id", "server id"], &["staff", "provider", "peer", "worker", "employee id", "rendering"]),
    ("person", &["person id", "staff id", "employee id", "worker id", "provider id", "practitioner id"], &["staff", "employee", "worker", "practitioner"]),
    ("supervisor", &["supervisor id", "supervisor staff id"], &["supervisor", "supervised by"]),
    ("program", &["program id", "program code", "program", "unit code", "location code"], &["site", "clinic", "department", "program name", "unit"]),
    ("service", &["service", "service type", "service code", "procedure", "activity type"], &["procedure code", "encounter type", "activity"]),
    ("format", &["individual or group", "service format", "format", "group indicator"], &["individual/group", "group", "session type"]),
    ("group_session", &["group session id", "group id", "group session"], &["group"]),
    ("mode", &["mode", "modality", "delivery mode", "method of contact", "contact method"], &["telehealth", "contact type", "delivery", "how"]),
    ("site", &["site", "onsite or offsite", "place of service", "location", "service location"], &["location type", "place", "pos"]),
    ("start", &["start", "start time", "start date time", "begin time", "service start", "time in", "start datetime"], &["date time", "service date time", "begin", "from"]),
    ("end", &["end", "end time", "end date time", "stop time", "service end", "time out", "end datetime"], &["finish", "stop", "to"]),
    ("phase", &["phase", "enrollment phase"], &["status at service"]),
    ("basis", &["basis", "planned or unplanned"], &["planned"]),
    ("recipient", &["recipient", "person present", "served"], &["participants", "with"]),
    ("component", &["component", "service component"], &[]),
    ("activities", &["activities", "interventions"], &["activity codes"]),
    ("goal", &["goal id", "objective id", "plan objective id", "plan goal id"], &["goal", "objective"]),
    ("note", &["note id", "progress note id", "document id"], &["note", "document"]),
    ("author", &["author", "author id", "note author id", "written by"], &["entered by", "documented by", "created by"]),
    ("written_at", &["written at", "note date", "note written", "documented at", "note date time", "note created", "note saved"], &["created at", "documentation date", "entered on"]),
    ("elements", &["elements", "note elements"], &[]),
    ("signer", &["signer", "signer id", "signed by", "signed by id"], &["signature", "author signature"]),
    ("signed_at", &["signed at", "signed on", "signature date", "date signed", "signed date time"], &["finalized at", "completed at"]),
    ("entered_at", &["entered at", "entered on", "entry date", "created on", "entry date time"], &["created", "data entry date"]),
    ("credential", &["credential", "credential type", "certification", "certification type"], &["certificate", "licence type", "license type"]),
    ("level", &["level", "credential level"], &["certification status"]),
    ("issuer", &["issuer", "issued by", "certifying body", "credentialing body"], &["board", "organization"]),
    ("number", &["credential id", "certificate id", "licence id", "license id", "certification id"], &["number"]),
    ("effective_on", &["effective on", "effective date", "issue date", "issued on", "from", "start date", "valid from"], &["begin date"]),
    ("expires_on", &["expires on", "expiration date", "expiry date", "expires", "valid to", "valid through"], &["end date", "renewal date"]),
    ("start_on", &["hire date", "start date", "date of hire", "employment start"], &["from", "begin date"]),
    ("roles", &["role", "roles", "job role"], &["title", "job title", "position"]),
    ("engagement", &["engagement", "employment type", "employee type"], &["status", "type"]),
    ("programs", &["programs", "program ids", "assigned programs"], &["program", "program id"]),
    ("separated_on", &["separated on", "termination date", "separation date", "end of employment"], &["end date"]),
    ("kind", &["kind", "type"], &["category"]),
    ("from", &["from", "start date", "effective date", "begin date", "assigned on"], &["start", "date"]),
    ("to", &["to", "through", "end date", "thru date"], &["until"]),
    ("claim", &["claim id", "claim", "icn", "invoice id"], &["bill id", "account id"]),
    ("service_date", &["service date", "date of service", "dos"], &["date"]),
    ("submitted_at", &["submitted at", "submission date", "bill date", "date billed", "billed on"], &["submitted", "batch date"]),
    ("rate_code", &["rate code"], &["rate"]),
    ("payer", &["payer", "payer id", "insurance", "payor"], &["plan"]),
    ("hcpcs", &["hcpcs", "procedure code", "cpt", "cpt code", "hcpcs code", "billing code"], &["procedure", "code"]),
    ("modifiers", &["modifiers", "modifier"], &["mods"]),
    ("units", &["units", "billed units", "quantity"], &["unit"]),
    ("charge_cents", &["charge", "charge amount", "amount billed", "billed amount", "charges"], &["amount", "fee"]),
    ("paid_cents", &["paid", "paid amount", "amount paid", "payment amount"], &["payment"]),
    ("paid_on", &["paid on", "payment date", "paid date", "check date"], &[]),
    ("denied_on", &["denied on", "denial date"], &[]),
    ("reason", &["reason", "denial reason"], &["comment"]),
    ("admitted_at", &["admitted at", "admission date", "admit date", "enrollment date"], &["start date", "opened on"]),
    ("discharged_on", &["discharged on", "discharge date"], &["closed on"]),
    ("birth_date", &["birth date", "date of birth", "dob"], &[]),
];

/// Headers of a second signature.
pub(super) const COSIGNER: &[&str] = &["cosigner", "co signer", "cosigned by", "co signed by", "cosigner id", "co signer id", "supervisor signature", "supervisor signed by", "countersigned by"];
/// Headers of when it was made.
pub(super) const COSIGNED_AT: &[&str] =
    &["cosigned at", "co signed at", "cosigned on", "co signed on", "cosignature date", "co signature date", "supervisor signed at", "supervisor signature date", "countersigned at"];

/// Columns of lengths, in minutes.
pub(super) const MINUTES: &[&str] = &["duration", "minutes", "duration minutes", "length", "duration min", "service minutes", "total minutes"];

/// Columns of the day of a service, beside columns with times of day.
pub(super) const DAY: &[&str] = &["service date", "date of service", "date", "encounter date", "contact date", "visit date", "dos"];

/// Words of other systems and the words of the vocabulary that they surely stand for.
pub(super) const WORDS: &[(&str, &str)] = &[
    ("face to face", "in_person"),
    ("in person", "in_person"),
    ("telehealth", "video"),
    ("video conference", "video"),
    ("telephone", "audio"),
    ("phone", "audio"),
    ("audio only", "audio"),
    ("clinic", "onsite"),
    ("office", "onsite"),
    ("on site", "onsite"),
    ("off site", "offsite"),
    ("community", "offsite"),
    ("home", "offsite"),
    ("1:1", "individual"),
    ("client", "individual"),
    ("family member", "family"),
    ("unplanned", "ad_hoc"),
    ("w2", "employee"),
    ("staff", "employee"),
    ("contracted", "contractor"),
    ("certified", "full"),
];

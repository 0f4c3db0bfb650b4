"""Reconciles columns as an analyst does in a notebook, and checks what comes back."""

import os

import pandas as pd
from reconciler import reconcile

ENDPOINT = os.environ["ROLECALL_URL"] + "/reconcile"

# Expected: code of the first candidate, and whether it may be taken without a look.
ROLES = {
    "Sr. DevOps Eng (Remote)": ("DEI.GEN.P5", True),
    "DEI.GEN.P5": ("DEI.GEN.P5", True),
    "qqq xyzzy": (None, False),
}
# Many titles without a level, so that the client sends several batches of ten.
PLAIN = """Registered Nurse|Truck Driver|Accountant|Software Engineer|Electrician|Plumber|Carpenter|Pharmacist|Dentist|Welder|Baker|Barista
|Cashier|Data Scientist|Civil Engineer|Dental Hygienist|Flight Attendant|Firefighter|Librarian|Paralegal|Physical Therapist|Real Estate Agent
|Receptionist|Security Guard|Teacher Assistant""".replace("\n", "").split("|")


def check(condition, message):
    if not condition:
        raise SystemExit(f"failed: {message}")


def first(frame, title):
    rows = frame[frame.input_value == title]
    check(len(rows) > 0, f"{title} has no row")
    return rows.iloc[0]


column = pd.Series(list(ROLES) + PLAIN)
found = reconcile(column, type_id="role", top_res=1, reconciliation_endpoint=ENDPOINT)
check(len(found) == len(column), f"{len(column)} titles, {len(found)} rows")
for title, (code, match) in ROLES.items():
    row = first(found, title)
    check((row.id if isinstance(row.id, str) else None) == code, f"{title} is {row.id}, not {code}")
    check(bool(row.match) == match, f"{title}: match is {row.match}")
check(all(found.type_id.dropna() == "role"), "a type was asked for")
check(found.score.dropna().between(0, 100).all(), "scores lie between 0 and 100")
for title in PLAIN:
    check(not first(found, title).match, f"{title} states no level, so nobody can be sure of one")

everything = reconcile(column, type_id="role", top_res="all", reconciliation_endpoint=ENDPOINT)
for title, rows in everything.groupby("input_value"):
    check(rows.match.astype(bool).sum() <= 1, f"{title} has several matches")
    check(rows.score.dropna().is_monotonic_decreasing, f"{title}: best first")

families = reconcile(pd.Series(PLAIN), type_id="family", top_res=1, reconciliation_endpoint=ENDPOINT)
sure = families.match.astype(bool).sum()
check(sure >= len(PLAIN) * 3 // 4, f"only {sure} of {len(PLAIN)} plain titles have a sure family")

levels = pd.Series(["P5"] * len(PLAIN))
leveled = reconcile(pd.Series(PLAIN), type_id="role", top_res=1, property_mapping={"level": levels}, reconciliation_endpoint=ENDPOINT)
check(all(code.endswith(".P5") for code in leveled.id.dropna()), "the column of levels is heard")
settled = leveled.match.astype(bool).sum()
print(f"ok: {len(column)} titles against roles, {len(PLAIN)} against families ({sure} sure), {len(PLAIN)} with a column of levels ({settled} sure)")

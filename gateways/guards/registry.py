"""All guards, in the order in which the claims of a save are checked (clinic rules before guards that read them)."""

from gateways.guards import (
    article_group,
    article_name,
    card_number,
    cash,
    cash_desk,
    catalogue_name,
    certificate_code,
    certificates,
    clinic_rules,
    doctors_patients,
    email,
    internal_number,
    payments,
    receipt_payments,
    returned_goods,
    rights_set_name,
    stock,
    visit_times,
)
from gateways.guards.declaration import Guard

GUARDS: tuple[Guard, ...] = (
    clinic_rules.GUARD,
    visit_times.GUARD,
    doctors_patients.GUARD,
    card_number.GUARD,
    email.GUARD,
    catalogue_name.GUARD,
    internal_number.GUARD,
    rights_set_name.GUARD,
    article_name.GUARD,
    article_group.GUARD,
    stock.GUARD,
    returned_goods.GUARD,
    cash_desk.GUARD,
    cash.GUARD,
    receipt_payments.GUARD,
    payments.GUARD,
    certificates.GUARD,
    certificate_code.GUARD,
)

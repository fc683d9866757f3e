"""The concepts that have words, one line each, in the order in which the journal's filters list them."""

from readmodels.words.article import ARTICLE
from readmodels.words.catalogue import CATALOGUE_WORDS
from readmodels.words.certificate import CERTIFICATE
from readmodels.words.clinic_settings import CLINIC_SETTINGS
from readmodels.words.desk_days import DESK_DAYS
from readmodels.words.employee import EMPLOYEE
from readmodels.words.fiscal_receipt import FISCAL_RECEIPT
from readmodels.words.glossary import Glossary
from readmodels.words.invoice import INVOICE
from readmodels.words.money_document import MONEY_DOCUMENT_WORDS
from readmodels.words.patient import PATIENT_CARD
from readmodels.words.patient_paper import PATIENT_PAPER
from readmodels.words.pay_accrual import PAY_ACCRUAL
from readmodels.words.pay_scheme import PAY_SCHEME
from readmodels.words.payment import PAYMENT, REFUND
from readmodels.words.rights_set import RIGHTS_SET
from readmodels.words.schedule import SCHEDULE
from readmodels.words.service import SERVICE
from readmodels.words.stock_document import STOCK_DOCUMENT_WORDS
from readmodels.words.stock_minimum import STOCK_MINIMUM_WORDS
from readmodels.words.tax_certificate import TAX_CERTIFICATE
from readmodels.words.user_access import USER_ACCESS
from readmodels.words.visit import VISIT
from readmodels.words.visit_file import VISIT_FILE

GLOSSARY = Glossary(
    (
        VISIT,
        VISIT_FILE,
        PATIENT_CARD,
        PATIENT_PAPER,
        SCHEDULE,
        EMPLOYEE,
        USER_ACCESS,
        RIGHTS_SET,
        SERVICE,
        ARTICLE,
        *STOCK_DOCUMENT_WORDS,
        STOCK_MINIMUM_WORDS,
        PAYMENT,
        REFUND,
        CERTIFICATE,
        FISCAL_RECEIPT,
        TAX_CERTIFICATE,
        INVOICE,
        *MONEY_DOCUMENT_WORDS,
        DESK_DAYS,
        PAY_SCHEME,
        PAY_ACCRUAL,
        *CATALOGUE_WORDS,
        CLINIC_SETTINGS,
    )
)

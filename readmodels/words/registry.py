"""The concepts that have words, one line each, in the order in which the journal's filters list them."""

from readmodels.words.article import ARTICLE
from readmodels.words.catalogue import CATALOGUE_WORDS
from readmodels.words.clinic_settings import CLINIC_SETTINGS
from readmodels.words.employee import EMPLOYEE
from readmodels.words.glossary import Glossary
from readmodels.words.patient import PATIENT_CARD
from readmodels.words.rights_set import RIGHTS_SET
from readmodels.words.schedule import SCHEDULE
from readmodels.words.service import SERVICE
from readmodels.words.stock_document import STOCK_DOCUMENT_WORDS
from readmodels.words.stock_minimum import STOCK_MINIMUM_WORDS
from readmodels.words.user_access import USER_ACCESS
from readmodels.words.visit import VISIT

GLOSSARY = Glossary(
    (
        VISIT,
        PATIENT_CARD,
        SCHEDULE,
        EMPLOYEE,
        USER_ACCESS,
        RIGHTS_SET,
        SERVICE,
        ARTICLE,
        *STOCK_DOCUMENT_WORDS,
        STOCK_MINIMUM_WORDS,
        *CATALOGUE_WORDS,
        CLINIC_SETTINGS,
    )
)

"""A diary in the terms of the contract: an out-patient case with one step, its diagnosis and the signed document."""

from commands.ports.state_registry import CaseStep, Diagnosis, Diary, Doctor, SignedDocument
from gateways.n3_health.envelope import Record
from gateways.n3_health.people import guardian, participant, staff


def case(diary: Diary, organisation: str) -> Record:
    """`organisation`: IdLpu."""
    return Record(
        "CaseAmb",
        {
            "OpenDate": diary.opened_at,
            "CloseDate": diary.closed_at,
            "HistoryNumber": diary.card_number,
            "IdCaseMis": diary.id,
            "IdCaseAidType": diary.aid_type,
            "IdPaymentType": diary.payment_type,
            "Confidentiality": diary.confidentiality,
            "DoctorConfidentiality": diary.doctor_confidentiality,
            "CuratorConfidentiality": diary.curator_confidentiality,
            "IdLpu": organisation,
            "IdCaseResult": diary.result,
            "Comment": diary.epicrisis,
            "DoctorInCharge": staff(diary.doctor, organisation),
            "Authenticator": participant(diary.doctor, organisation),
            "Author": participant(diary.doctor, organisation),
            "Guardian": None if diary.representative is None else guardian(diary.representative),
            "IdPatientMis": diary.patient_id,
            "AdmissionCondition": diary.admission_condition,
            "CaseVisitType": diary.visit_order,
            "IdCasePurpose": diary.case_purpose,
            "IdCaseType": diary.case_type,
            "IdAmbResult": diary.ambulatory_result,
            "IsActive": False,
            "Steps": (_step(diary.step, diary.payment_type, diary.doctor, organisation),),
            "MedRecords": (_diagnosis(diary, organisation), document(diary.document, organisation)),
        },
    )


def document(signed: SignedDocument, organisation: str) -> Record:
    """A ConsultNote: the PDF with its signatures, and the same as unsigned text."""
    pdf = Record(
        "MedDocumentDto.DocumentAttachment",
        {
            "Data": signed.pdf,
            "MimeType": "application/pdf",
            "OrganizationSign": signed.organisation_signature,
            "PersonalSigns": tuple(
                Record("MedDocumentDto.PersonalSign", {"Sign": one.signature, "Doctor": staff(one.doctor, organisation)})
                for one in signed.signatures
            ),
        },
    )
    text = Record("MedDocumentDto.DocumentAttachment", {"Data": signed.text.encode(), "MimeType": "text/plain"})
    return Record(
        "ConsultNote",
        {
            "Attachments": (pdf, text) if signed.text else (pdf,),
            "Author": staff(signed.author, organisation),
            "CreationDate": signed.created_at,
            "Header": signed.header,
            "IdDocumentMis": signed.id,
            "RelatedMedDoc": signed.corrects or None,
        },
    )


def _step(step: CaseStep, payment_type: int, doctor: Doctor, organisation: str) -> Record:
    return Record(
        "StepAmb",
        {
            "DateStart": step.started_at,
            "DateEnd": step.ended_at,
            "IdPaymentType": payment_type,
            "Doctor": staff(doctor, organisation),
            "IdStepMis": step.id,
            "IdVisitPlace": step.place,
            "IdVisitPurpose": step.purpose,
        },
    )


def _diagnosis(diary: Diary, organisation: str) -> Record:
    doctor = staff(diary.doctor, organisation)
    complications = tuple(
        Record("Diagnosis", {"DiagnosisInfo": _diagnosis_info(one), "Doctor": doctor}) for one in diary.complications
    )
    return Record(
        "ClinicMainDiagnosis",
        {"DiagnosisInfo": _diagnosis_info(diary.diagnosis), "Doctor": doctor, "Complications": complications or None},
    )


def _diagnosis_info(diagnosis: Diagnosis) -> Record:
    return Record(
        "DiagnosisInfo",
        {
            "IdDiseaseType": diagnosis.disease_character,
            "DiagnosedDate": diagnosis.set_at,
            "IdDiagnosisType": diagnosis.kind,
            "Comment": diagnosis.comment,
            "MkbCode": diagnosis.code,
        },
    )

"""The contract of N3.Health «ИЭМК»: operations, namespaces, and the members of each type that we send or read, in wire order.

The service's reader skips a member that comes too early or too late in silence, so the order stands here, once, and
`gateways/n3_health/envelope.py` alone writes by it. An inherited member keeps the namespace of the type that declares it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

TEMPURI = "http://tempuri.org/"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_DATA = "http://schemas.datacontract.org/2004/07/"
NAMESPACES: Mapping[str, str] = {
    "soap": SOAP,
    "tem": TEMPURI,
    "p": _DATA + "EMKService.Data.Dto",
    "c": _DATA + "N3.EMK.Dto.Case",
    "e": _DATA + "N3.EMK.Dto",
    "s": _DATA + "N3.EMK.Dto.Step",
    "m": _DATA + "N3.EMK.Dto.MedRec",
    "dg": _DATA + "N3.EMK.Dto.MedRec.Diag",
    "md": _DATA + "N3.EMK.Dto.MedRec.MedDoc",
    "arr": "http://schemas.microsoft.com/2003/10/Serialization/Arrays",
    "i": INSTANCE,
}
"""Prefix → namespace, of what is sent."""
FAULTS = _DATA + "N3.EMK.Dto.Common"
SHARED = _DATA + "N3.Shared.Core"


@dataclass(frozen=True)
class Member:
    """`kind`: str, uri, b64, dt, u8, u16, i32, bool, the name of a type, or [item] of an array.

    `prefix`: of the type that declares it.
    """

    prefix: str
    name: str
    kind: str


@dataclass(frozen=True)
class DataType:
    prefix: str
    name: str
    members: tuple[Member, ...]
    """With the inherited ones, which come first."""

    @property
    def qualified(self) -> str:
        """As `i:type` has it."""
        return f"{self.prefix}:{self.name}"


TYPES: dict[str, DataType] = {}
"""By name."""


def _type(prefix: str, name: str, members: str, base: str = "") -> None:
    inherited = TYPES[base].members if base else ()
    own = tuple(Member(prefix, *member.split(":")) for member in members.split())
    TYPES[name] = DataType(prefix, name, inherited + own)


_type("p", "ContactDto", "ContactValue:str IdContactType:u8")
_type(
    "p",
    "ContactPersonDto",
    "ContactList:[ContactDto] FamilyName:str GivenName:str IdPersonMis:str IdRelationType:u8 MiddleName:str",
)
_type(
    "p",
    "AddressDto",
    "Appartment:str Building:str City:str GeoData:str IdAddressType:u8 PostalCode:i32 Street:str StringAddress:str",
)
_PAPER = (
    "DocN:str DocS:str DocumentName:str ExpiredDate:dt IdDocumentType:u8 IdProvider:{} IssuedDate:dt ProviderName:str "
    "RegionCode:str StartDate:dt"
)
_type("p", "DocumentDto", _PAPER.format("str"))
_type(
    "p",
    "PatientDto",
    "Addresses:[AddressDto] BirthDate:dt BirthPlace:BirthPlaceDto ContactPerson:ContactPersonDto Contacts:[ContactDto] "
    "DeathTime:dt Documents:[DocumentDto] FamilyName:str GivenName:str IdBloodType:u8 IdGlobal:str IdLivingAreaType:u8 "
    "IdPatientMIS:str IsVip:bool Job:JobDto MiddleName:str Privilege:PrivilegeDto Sex:u8 SocialGroup:u8 SocialStatus:str",
)
_type("e", "HumanName", "GivenName:str MiddleName:str FamilyName:str")
_type("e", "IdentityDocument", _PAPER.format("i32"))
_type("e", "Person", "HumanName:HumanName Sex:u8 Birthdate:dt IdPersonMis:str")
_type("e", "PersonWithIdentity", "Documents:[IdentityDocument]", "Person")
_type(
    "e",
    "MedicalStaff",
    "Person:PersonWithIdentity IdLpu:str IdSpeciality:u16 IdPosition:u16 IdMedicalStaff:i32 SpecialityName:str PositionName:str",
)
_type("e", "Participant", "Doctor:MedicalStaff IdRole:u8")
_type("e", "Guardian", "Person:PersonWithIdentity IdRelationType:u8 UnderlyingDocument:str")
_type("m", "MedRecord", "")
_type(
    "dg",
    "DiagnosisInfo",
    "IdDiseaseType:u8 DiagnosedDate:dt IdDiagnosisType:u8 Comment:str DiagnosisChangeReason:u8 DiagnosisStage:u8 "
    "IdDispensaryState:u8 IdTraumaType:u8 MESImplementationFeature:u8 MedicalStandard:i32 Params:[Param] MkbCode:str "
    "DiseaseStatus:u8 MkbCodeChange:str",
)
_type("dg", "Diagnosis", "DiagnosisInfo:DiagnosisInfo Doctor:MedicalStaff", "MedRecord")
_type("dg", "ClinicMainDiagnosis", "Complications:[Diagnosis]", "Diagnosis")
_type("md", "MedDocumentDto.PersonalSign", "Sign:b64 Doctor:MedicalStaff")
_type(
    "md",
    "MedDocumentDto.DocumentAttachment",
    "Data:b64 OrganizationSign:b64 PersonalSigns:[MedDocumentDto.PersonalSign] MimeType:str Url:uri",
)
_type(
    "md",
    "MedDocument",
    "Attachments:[MedDocumentDto.DocumentAttachment] Author:MedicalStaff CreationDate:dt FhirMedDocumentType:str Header:str "
    "IdDocumentMis:str IdMedDocumentType:u8 Observations:[Observation] RelatedMedDoc:[string]",
    "MedRecord",
)
_type("md", "ConsultNote", "", "MedDocument")
_type("s", "StepBase", "DateStart:dt DateEnd:dt Comment:str IdPaymentType:u8 Doctor:MedicalStaff IdStepMis:str")
_type("s", "StepAmb", "IdVisitPlace:u8 IdVisitPurpose:u8 MedRecords:[MedRecord]", "StepBase")
_type(
    "c",
    "CaseBase",
    "OpenDate:dt CloseDate:dt HistoryNumber:str IdCaseMis:str IdCaseAidType:u8 IdPaymentType:u8 Confidentiality:u8 "
    "DoctorConfidentiality:u8 CuratorConfidentiality:u8 IdLpu:str IdCaseResult:u8 Comment:str DoctorInCharge:MedicalStaff "
    "Authenticator:Participant Author:Participant LegalAuthenticator:Participant Guardian:Guardian IdPatientMis:str "
    "AdmissionCondition:u8 CaseVisitType:u8",
)
_type(
    "c",
    "CaseAmb",
    "IdCasePurpose:u8 IdCaseType:u8 IdAmbResult:u8 IsActive:bool Steps:[StepAmb] MedRecords:[MedRecord]",
    "CaseBase",
)


@dataclass(frozen=True)
class Operation:
    service: str
    """The address's last part."""
    interface: str
    name: str
    parameters: tuple[Member, ...]

    @property
    def action(self) -> str:
        return f"{TEMPURI}{self.interface}/{self.name}"


def _operation(service: str, interface: str, name: str, parameters: str) -> Operation:
    return Operation(service, interface, name, tuple(Member("tem", *one.split(":")) for one in parameters.split()))


_PATIENT, _CASE = ("PixService.svc", "IPixService"), ("EMKService.svc", "IEmkService")
_CARD = "guid:str idLPU:str patient:PatientDto"
OPERATIONS: Mapping[str, Operation] = {
    operation.name: operation
    for operation in (
        _operation(*_PATIENT, "AddPatient", _CARD),
        _operation(*_PATIENT, "UpdatePatient", _CARD),
        _operation(*_PATIENT, "GetPatient", f"{_CARD} idSource:str"),
        _operation(*_CASE, "AddCase", "guid:str caseDto:CaseBase"),
        _operation(*_CASE, "UpdateCase", "guid:str caseDto:CaseBase"),
        _operation(
            *_CASE,
            "AddMedRecord",
            "guid:str idLpu:str idPatientMis:str idCaseMis:str medRecord:MedRecord confidentiality:u8",
        ),
        _operation(*_CASE, "CancelCase", "guid:str idLpu:str idPatientMis:str idCaseMis:str"),
        _operation("EMKService.svc", "IServiceSupport", "GetVersion", ""),
    )
}
"""By name."""

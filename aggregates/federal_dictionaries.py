"""The federal dictionaries that Denta uses: OIDs and titles."""

MKB_10 = "1.2.643.5.1.13.13.11.1005"
POSITIONS = "1.2.643.5.1.13.13.11.1002"
SPECIALITIES = "1.2.643.5.1.13.13.11.1066"
TITLES = {
    MKB_10: "МКБ-10",
    POSITIONS: "Должности медицинских работников",
    SPECIALITIES: "Специальности медицинских работников",
}

"""Workbooks of tests: well-formed ones by hand, so that each oddity of real files can be written down exactly."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = f"""<styleSheet xmlns="{MAIN}"><numFmts count="4"><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy"/>
<numFmt numFmtId="165" formatCode="0.00\\ &quot;дней&quot;"/><numFmt numFmtId="166" formatCode="[$-419]d\\ mmm;@"/>
<numFmt numFmtId="167" formatCode="0000000000"/></numFmts>
<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs>
<cellXfs count="9"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="20"/><xf numFmtId="165"/>
<xf numFmtId="16"/><xf numFmtId="166"/><xf numFmtId="17"/><xf numFmtId="167"/>
</cellXfs></styleSheet>"""


def sheet(rows: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def texts(*strings: str) -> str:
    return f'<sst xmlns="{MAIN}">{"".join(f"<si><t>{text}</t></si>" for text in strings)}</sst>'


def inline(*rows: tuple[str, ...]) -> str:
    """Rows of texts."""
    cell = '<c t="inlineStr"><is><t>{}</t></is></c>'
    return "".join(f"<row>{''.join(map(cell.format, row))}</row>" for row in rows)


def book(rows: str = "", *, names: tuple[str, ...] = ("Лист1",), date1904: bool = False, **parts: str) -> BytesIO:
    """A workbook whose sheets all hold the rows. `parts`: shared (texts), or any part by name in place of the usual one."""
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
    contents = {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><workbookPr date1904="{int(date1904)}"/>'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": "<Relationships>"
        + "".join(f'<Relationship Id="rId{n}" Target="worksheets/sheet{n}.xml"/>' for n in range(1, len(names) + 1))
        + "</Relationships>",
        "xl/styles.xml": STYLES,
        **{f"xl/worksheets/sheet{n}.xml": sheet(rows) for n in range(1, len(names) + 1)},
    }
    if "shared" in parts:
        contents["xl/sharedStrings.xml"] = parts.pop("shared")
    return packed({**contents, **parts})


def packed(contents: Mapping[str, str | bytes]) -> BytesIO:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    target.seek(0)
    return target

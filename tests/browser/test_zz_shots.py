import os, re
from pathlib import Path
import pytest
from tests.browser.desk import Room

SHOTS = [line.split() for line in os.environ.get("SHOTS", "").splitlines() if line.strip()]

def test_shots(demo_room: Room) -> None:
    page = demo_room.seat("Администратор", "/calendar")
    for name, path, *click in SHOTS:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        for one in click:
            page.get_by_text(re.compile(one.replace("_", " "))).first.click()
            page.wait_for_load_state("networkidle")
        page.wait_for_timeout(400)
        for theme, width in (("light", 1440), ("light", 1024), ("dark", 1440)):
            page.set_viewport_size({"width": width, "height": 950})
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            page.wait_for_timeout(200)
            page.screenshot(path=f"/tmp/staffshots/{name}-{theme}-{width}.png")

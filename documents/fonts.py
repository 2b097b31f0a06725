"""The fonts of everything that is printed, and no others.

What fonts a machine happens to have must not change a file, nor stop one: WeasyPrint is given a
configuration that holds Liberation Sans, of the system's package, and DejaVu Sans, of the folder
`dejavu` beside this module, for whatever letter the first lacks. So no emoji font, no font of
another version and no rule of the system's own has a say. See docs/vendored.md.
"""

from functools import cache
from pathlib import Path
from typing import Any

from weasyprint.text.ffi import ffi, fontconfig, gobject, pangoft2
from weasyprint.text.fonts import FontConfiguration

TEXT = "Liberation Sans"
FALLBACK = "DejaVu Sans"
FOLDER = Path(__file__).parent / "dejavu"
FALLBACK_FILES = (FOLDER / "DejaVuSans.ttf", FOLDER / "DejaVuSans-Bold.ttf")

# WeasyPrint declares no more of fontconfig than it uses itself.
ffi.cdef("FcConfig * FcConfigCreate (void);")


class FontsMissing(Exception):
    """This machine lacks Liberation Sans."""


class OwnFonts(FontConfiguration):
    """Liberation Sans and DejaVu Sans. One for each rendering: Pango's map is of one thread.

    Raises `FontsMissing`.
    """

    def __init__(self) -> None:
        # Not super().__init__(), which reads all that the system has, each time.
        self._config = _configuration()
        self.font_map = ffi.gc(pangoft2.pango_ft2_font_map_new(), gobject.g_object_unref)
        pangoft2.pango_fc_font_map_set_config(
            ffi.cast("PangoFcFontMap *", self.font_map), self._config
        )
        self._folder = None
        self.strut_layouts: dict[Any, Any] = {}
        self.font_features: dict[Any, Any] = {}


@cache
def _configuration() -> Any:
    """Read once in each process; nothing writes to it afterwards."""
    config = ffi.gc(fontconfig.FcConfigCreate(), fontconfig.FcConfigDestroy)
    for path in (*_installed(TEXT), *FALLBACK_FILES):
        if not fontconfig.FcConfigAppFontAddFile(config, bytes(path)):
            raise FontsMissing(f"The font file {path.name} cannot be read.")
    return config


def _installed(family: str) -> list[Path]:
    """The files of a family, wherever this system keeps them."""
    system = ffi.gc(fontconfig.FcInitLoadConfigAndFonts(), fontconfig.FcConfigDestroy)
    known = fontconfig.FcConfigGetFonts(system, fontconfig.FcSetSystem)
    found = {
        Path(_string(known.fonts[at], b"file"))
        for at in range(known.nfont)
        if _string(known.fonts[at], b"family") == family
    }
    if not found:
        raise FontsMissing(f"The font {family} is not installed. Run script/setup.")
    return sorted(found)


def _string(pattern: Any, name: bytes) -> str:
    value = ffi.new("FcChar8 **")
    if fontconfig.FcPatternGetString(pattern, name, 0, value) != fontconfig.FcResultMatch:
        return ""
    return str(ffi.string(value[0]).decode(errors="surrogateescape"))

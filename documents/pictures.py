"""Photographs and scans: drawn anew as a person sees them, without anything but the picture."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import ExifTags, Image, ImageChops, ImageCms, ImageFile, ImageMath, ImageStat

from core.workflow import NotAllowed
from documents.file_kinds import refusal

logger = logging.getLogger(__name__)

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 52_000_000  # what telephones sold as 50 megapixels make
LONGEST_SIDE = 2000
QUALITY = 85
WHITE = 255
# A grey value of 16 bits in one of 8: 65535 is 255.
TO_EIGHT_BITS = 1 / 257
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
LIES_ON_ITS_SIDE = range(5, 9)
# How far the copy's brightness may lie from the original's (of 255). Colours that are brought into
# those of a screen move by less; what went white or black moves by more.
MOST_DIFFERENCE = 20


@dataclass(frozen=True)
class Seen:
    """A picture as it is seen: upright, and how bright on the whole (0 black, 255 white)."""

    width: int
    height: int
    brightness: float

    def differs_from(self, copy: "Seen") -> str:
        """In what a copy of it differs, in words; empty if in nothing."""
        scale = min(1, LONGEST_SIDE / max(self.width, self.height))
        # Each side is rounded by itself.
        if max(abs(self.width * scale - copy.width), abs(self.height * scale - copy.height)) > 1:
            return (
                f"The original has {self.width} by {self.height} points, the copy {copy.width} by"
                f" {copy.height}."
            )
        if abs(self.brightness - copy.brightness) > MOST_DIFFERENCE:
            bright = "brighter" if copy.brightness > self.brightness else "darker"
            return f"The copy is much {bright} than the original."
        return ""


def draw(data: bytes) -> bytes:
    """The picture as a JPEG, drawn from its pixels alone: what a camera adds (place, owner,
    thumbnail) has no way over. Upright, on white where it is transparent, in the colours of a
    screen, and no larger than a screen needs.

    Raises `NotAllowed`: `photograph-damaged`, `photograph-too-large` or `picture-moves`.
    """
    with _opened(data) as image:
        if image.format in ("PNG", "WEBP") and getattr(image, "is_animated", False):
            raise refusal("moving")
        size = _fitting(image.size)
        # A JPEG is made smaller while it is decoded, which keeps the memory small; others ignore
        # it.
        image.draft(None, size)
        image.load()
        upright = _turned(_flat(image, size), image)
        bare = Image.frombytes("RGB", upright.size, upright.tobytes())
        out = io.BytesIO()
        bare.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def seen(data: bytes) -> Seen:
    """How a picture is seen. Measured on what the file holds, in another way than it is drawn, so
    that a fault of the drawing shows.

    Raises `NotAllowed`: `photograph-damaged` or `photograph-too-large`.
    """
    with _opened(data) as image:
        width, height = image.size
        image.draft(None, _fitting(image.size))
        image.load()
        if _orientation(image) in LIES_ON_ITS_SIDE:
            width, height = height, width
        return Seen(width, height, _brightness(image))


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    # WeasyPrint switches this on for its whole process: what a picture lacks would be black.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(io.BytesIO(data), formats=_formats_of(data)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise refusal("large_picture")
            yield image
    except NotAllowed:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise refusal("large_picture") from bomb
    except Exception as fault:
        # Of every kind: on a file that is damaged, or was made to do harm, the decoders raise
        # whatever they meet. What it was stands in the log; the picture does not.
        logger.warning("A picture cannot be read: %s", type(fault).__name__, exc_info=fault)
        raise refusal("damaged_picture") from fault


def _formats_of(data: bytes) -> tuple[str, ...]:
    if data[4:8] != b"ftyp":
        return FORMATS
    # Only for such a file: the library is large, and most processes never meet one.
    import pi_heif

    pi_heif.register_heif_opener()
    return ("HEIF",)


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    scale = min(1.0, LONGEST_SIDE / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _flat(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Red, green and blue on white, made smaller as early as the kind of pixels allows it."""
    alpha = None
    if image.mode.startswith("I"):
        alpha = _key_of_grey(image)
        small = image.convert("I").point(lambda value: value * TO_EIGHT_BITS).convert("L")
    elif image.has_transparency_data:
        small = (image if image.mode == "RGBA" else image.convert("RGBA")).resize(size)
        small, alpha = small.convert("RGB"), small.getchannel("A")
    else:
        small = image.convert("L") if image.mode == "1" else image
        small = small.convert("RGB") if small.mode in ("P", "YCbCr", "LAB", "HSV") else small
    small = _on_a_screen(small.resize(size), image.info.get("icc_profile"))
    if alpha is None:
        return small
    flat = Image.new("RGB", size, (WHITE, WHITE, WHITE))
    flat.paste(small, mask=alpha.resize(size))
    return flat


def _key_of_grey(image: Image.Image) -> Image.Image | None:
    """Where a picture of 16 bits is to be seen through: one grey value of it says so."""
    key = image.info.get("transparency")
    if not isinstance(key, int):
        return None
    wide = image.convert("I")
    return ImageMath.lambda_eval(lambda held: (held["wide"] != key) * WHITE, wide=wide).convert("L")


def _on_a_screen(image: Image.Image, profile: bytes | None) -> Image.Image:
    """In the colours of a screen, as a browser shows a picture that names others."""
    if profile:
        try:
            named = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            screen = ImageCms.createProfile("sRGB")
            shown = ImageCms.profileToProfile(image, named, screen, outputMode="RGB")
            if shown is not None:
                return shown
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            # A profile that does not fit is not heeded by browsers either.
            logger.info("The colour profile of a picture cannot be used")
    return image.convert("RGB")


def _turned(drawn: Image.Image, original: Image.Image) -> Image.Image:
    turn = TURNS.get(_orientation(original))
    return drawn if turn is None else drawn.transpose(turn)


def _orientation(image: Image.Image) -> int:
    """Which side is up, as the camera said it; 1 is upright, and so is whatever cannot be read.

    That one tag is read and no other: cameras and programs write tags of odd types, on which
    reading or writing the whole of them fails. The library for HEIF has turned the picture already.
    """
    exif = image.info.get("exif")
    if not exif or image.format == "HEIF":
        return 1
    try:
        said = Image.Exif()
        said.load(exif)
        value = said.get(ExifTags.Base.Orientation, 1)
    except Exception as fault:
        # Of every kind, as above; and a browser shows such a picture as it lies.
        logger.info("The orientation of a picture cannot be read: %s", type(fault).__name__)
        return 1
    value = value[0] if isinstance(value, tuple) and value else value
    return value if isinstance(value, int) and value in range(1, 9) else 1


def _brightness(image: Image.Image) -> float:
    if image.mode.startswith("I"):
        # The mean is taken on all 16 bits; where it is to be seen through it is white.
        mean = _mean(image.convert("I")) * TO_EIGHT_BITS
        key = _key_of_grey(image)
        if key is None:
            return mean
        covered = _mean(key) / WHITE
        hidden = image.info["transparency"] * TO_EIGHT_BITS * (1 - covered)
        return mean - hidden + WHITE * (1 - covered)
    if image.has_transparency_data:
        both = image if image.mode == "RGBA" else image.convert("RGBA")
        alpha = both.getchannel("A")
        return _mean(ImageChops.multiply(both.convert("L"), alpha)) + WHITE - _mean(alpha)
    return _mean(image.convert("L"))


def _mean(image: Image.Image) -> float:
    if image.mode == "I":
        value = image.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
        return float(value) if isinstance(value, int | float) else 0.0
    return float(ImageStat.Stat(image).mean[0])

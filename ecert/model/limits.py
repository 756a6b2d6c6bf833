"""Named limits, each with a unit and a reason; they count work, never seconds, so no verdict depends on the machine."""

from __future__ import annotations

from dataclasses import dataclass

# ── capture ──────────────────────────────────────────────────────────────────────────────────────
MAX_PAGES = 1000  # pages in one copy: the longest dossiers met are a few hundred
MAX_INPUT_BYTES = 200 * 1024 * 1024  # bytes of one input file
MAX_OUTPUT_MB = 10.0  # 10⁶ bytes of a finished copy: what most portals take; a setting
#: bytes all stored pages hold in memory; a copy above this is never issued
MAX_SCAN_BYTES = 512 * 1024 * 1024
MAX_SIDE_PIXELS = 30_000  # pixels along one side: A0 at 600 dpi is 28,090
MAX_PIXELS = 180_000_000  # pixels of one page: A1 at 400 dpi is 124 million
#: bytes one page may decode to when it must be re-encoded
MAX_DECODED_BYTES = 600 * 1024 * 1024
#: bytes of one decoded TIFF strip or 16-bit PNG: three copies live at once
MAX_BAND_BYTES = 256 * 1024 * 1024
MIN_DPI = 20  # below this a file's own resolution is a placeholder, not a measurement
MAX_DPI = 4800  # above this likewise
MIN_PAGE_POINTS = 3  # points along one side of a page: ISO 19005-3, 6.1.13
MAX_PAGE_POINTS = 14_400  # likewise the most: 5.08 m
MAX_ICC_BYTES = 4 * 1024 * 1024  # bytes of one ICC profile: printers' CMYK profiles reach 3 MB
#: different profiles of one copy: each scanner, camera and paper has one; looking at one takes up to 0.3 s
MAX_PROFILES = 8
#: points along one side of a profile's table, and values of one of its curves: honest ones have 49 and 4,096
MAX_PROFILE_SIDE, MAX_CURVE_VALUES = 65, 65_536
#: JPEG markers, PNG chunks, JP2 boxes: PNG writers cut IDAT into 8 kB pieces
MAX_IMAGE_SEGMENTS = 20_000
#: bytes of one strip of fax data: a dithered A4 page at 600 dpi takes 10 MB
MAX_FAX_BYTES = 16 * 1024 * 1024
MAX_JPEG_SCANS = 100  # scans of one JPEG: progressive encoders write ten; browsers stop at some hundred
#: values of one TIFF or EXIF tag: strips of one row in four planes are 120,000
MAX_TAG_VALUES = 262_144
#: bytes after a JPEG's end: cameras append some kB, videos are refused
MAX_JPEG_TRAILER_BYTES = 64 * 1024
#: objects in a scanner PDF: an image, a page and a content stream per page is 3,000
MAX_PDF_OBJECTS = 20_000
#: bytes of one page's decoded drawing operators: placing one image takes 60
MAX_PDF_CONTENT_BYTES = 64 * 1024

# ── documents to verify ──────────────────────────────────────────────────────────────────────────
MAX_FILE_BYTES = MAX_INPUT_BYTES  # bytes of one file: a copy of 1,000 pages is about 170 MB
MAX_DOCUMENT_PAGES = 10_000  # pages of any signed PDF: land registers and laws reach thousands
MAX_REPORT_BYTES = 8 * 1024 * 1024  # bytes of one report as JSON: 1,000 pages take 300 kB

# ── the strict PDF reader ────────────────────────────────────────────────────────────────────────
MAX_REVISIONS = 200  # cross-reference sections: thirty years of yearly renewals are about 35
MAX_OBJECTS = 100_000  # indirect objects of one file: a copy of 1,000 pages has about 4,000
MAX_OBJECT_NUMBER = 8_388_607  # of an indirect object: ISO 32000-1, annex C.2
MAX_DEPTH = 60  # nested arrays and dictionaries: honest files stay below 20
#: bytes all object and cross-reference streams may inflate to
MAX_INFLATED_BYTES = 64 * 1024 * 1024
PREDICTED_COST = 16  # what a byte with a PNG predictor counts as: it is computed, not copied
MAX_NUMBER_DIGITS = 20  # digits of one number
MAX_TOKENS = 1_000_000  # values parsed in one file: a copy of 1,000 pages has about 30,000
MAX_WHITE_SPACE = 4096  # bytes between two objects

# ── the pictures of a copy ───────────────────────────────────────────────────────────────────────
#: bytes that all Flate pictures of a copy unpack to: a thousand grey A4 pages at 300 dpi take 8.7 GB
MAX_UNPACKED_BYTES = 10 * 1024 * 1024 * 1024

# ── copies of other systems ──────────────────────────────────────────────────────────────────────
#: bytes of each compressed stream that are looked through for traces of a copy: records and metadata have up to 1 MiB
MAX_SEARCHED_STREAM = 1024 * 1024
#: likewise of all of them: three hundred pages with a compressed picture each
MAX_SEARCHED_BYTES = 320 * 1024 * 1024

# ── text files (policies, registries, settings, records) ─────────────────────────────────────────
MAX_TOML_KEY_PARTS = 32  # parts of one key, joined by dots: ours have up to three

# ── changes ──────────────────────────────────────────────────────────────────────────────────────
#: pages, fields and annotations that are walked anew, each time a revision touches them: a hundred people who
#: sign a form of 2,000 fields are 200,000
MAX_COMPARED = 300_000
#: places of signatures on a page held against those of later ones, and what they share against each other: a hundred
#: people who sign each of twenty pages are 200,000
MAX_PLACES_COMPARED = 2_000_000
#: bytes of the drawing operators of one form field: a page full of text has 6 kB
MAX_FILLING_BYTES = 32 * 1024
#: characters of fields and pictures compared in all revisions, a widget being 64: 500 fields have about 200,000
MAX_FILLINGS = 1_000_000
#: objects that one page of a copy rests on: the statement with its fonts and stamps has about 40
MAX_SHOWN_OBJECTS = 1000

#: bytes of one XMP packet that is compared with another: ours has 4 kB, those of picture editors 100
MAX_XMP_BYTES = 1024 * 1024
#: bytes of one page's decoded operators that a second opinion is compared on
MAX_COMPARED_CONTENT = 16 * 1024 * 1024

# ── signatures ───────────────────────────────────────────────────────────────────────────────────
MAX_SIGNATURES = 100  # signatures and document time-stamps of one file
MAX_CERTIFICATES = 200  # certificates in one signature, or named by the DSS
#: different certificates that one file brings along: a hundred signers with an OCSP responder each are 250
MAX_FILE_CERTIFICATES = 400
MAX_CERTIFICATE_BYTES = 64 * 1024  # bytes of one certificate: honest ones have 1 to 3 kB
#: values in one certificate, name parts, policies and places included: honest ones have up to 160
MAX_CERTIFICATE_VALUES = 600
MAX_REVOCATION_ITEMS = 400  # CRLs, and likewise OCSP answers, that one file may bring along
MAX_EVIDENCE_BYTES = 20 * 1024 * 1024  # bytes of one CRL
MAX_OCSP_BYTES = 256 * 1024  # bytes of one OCSP answer: honest ones have 1 to 6 kB
#: values in one OCSP answer, its certificates included: one about ten certificates has 500
MAX_OCSP_VALUES = 2000
MAX_CRL_VALUES = 600  # values in one CRL beside its entries, which are looked up and not walked
#: entries of an indirect CRL, or of one with odd critical extensions, which must be walked: 0.4 s
MAX_WALKED_ENTRIES = 50_000
#: bytes all validation data of one file may inflate to: three of the largest CRLs, and as much again
MAX_STORE_BYTES = 128 * 1024 * 1024
MAX_TOKENS_OF_SIGNATURE = 20  # signature time-stamps of one signature: one is usual, two exist
#: seconds that a time-stamp may say it is off: one is usual, a service by hand says some minutes
MAX_ACCURACY_S = 86_400
MAX_FILE_TOKENS = 250  # time-stamps of one file: a hundred signatures with two each, and renewals
#: what signatures hash of a file beside what they share, in lengths of the file: each ends with its own
#: revision, so honest ones stay below two
MAX_HASHED_LENGTHS = 8
#: values in one place of a CMS, such as its certificates or attributes: honest ones have some dozen
MAX_CMS_MEMBERS = 1000
MAX_CMS_VALUES = 20_000  # values of one CMS outside certificates and CRLs: honest ones have 500
MAX_FILE_CMS_VALUES = 100_000  # likewise of all signatures and time-stamps of one file
MAX_RSA_BITS = 16_384  # bits of a modulus: nobody sells more than 8,192; 65,536 take seconds
MAX_RSA_EXPONENT_BITS = 64  # bits of a public exponent: 65537 has 17; long ones make checking as slow as signing

# ── the sandbox (seconds and bytes of memory, the only limits that depend on the machine) ────────
SANDBOX_SECONDS = 20.0  # for one document, counted from when its process is ready: copies take less than one
#: bytes of a process's answer outside its texts: brackets and numbers of 1,000 pages take 150,000
MAX_STRUCTURE_BYTES = 1024 * 1024
SANDBOX_MEMORY_MB = 1024  # MiB of address space for one document: one of 200 MB takes 500
MAX_SANDBOX_SECONDS = 3600.0  # for one document, at most, where somebody sets them
MIN_SANDBOX_MEMORY_MB = 256  # likewise at least: the interpreter and its libraries take 150
MAX_SANDBOX_MEMORY_MB = 65_536  # likewise at most


@dataclass(frozen=True)
class DocumentLimits:
    """What one document may be, where somebody sets less than the library's own limits."""

    file_bytes: int = MAX_FILE_BYTES
    pages: int = MAX_DOCUMENT_PAGES


DOCUMENT_LIMITS = DocumentLimits()

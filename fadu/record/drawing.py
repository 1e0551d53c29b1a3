"""Draws the first page of a PDF; run by path in a process of its own, with little memory and time, never imported.

PDF on standard input, JPEG on standard output. A PDF is a program that somebody sent: what makes its reader crash, hang
or swell ends this process and nothing else, and PDFium may not be used by two threads at once.
"""

import io
import resource
import sys

LONGER_SIDE, MEMORY, SECONDS = 480, 1024**3, 10


def main() -> None:
    """Draw, or end with exit code 1."""
    for what, limit in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (limit, limit))
    import pypdfium2

    page = pypdfium2.PdfDocument(sys.stdin.buffer.read())[0]
    width, height = page.get_size()
    if min(width, height) <= 0:
        sys.exit(1)
    # a page a hair wide or miles long still makes a picture of at most 480 × 480
    picture = page.render(scale=min(LONGER_SIDE / max(width, height), 4), may_draw_forms=False).to_pil()
    drawn = io.BytesIO()
    picture.convert("RGB").save(drawn, "JPEG", quality=80)
    sys.stdout.buffer.write(drawn.getvalue())


if __name__ == "__main__":
    main()

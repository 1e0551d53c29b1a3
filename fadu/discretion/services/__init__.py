"""Acts on benchmarks: draft, read from xlsx, review, publish, end."""

from fadu.discretion.services.publishing import (
    draft,
    draft_example,
    end,
    publish,
    remove,
    review,
    send_back,
)

__all__ = ["draft", "draft_example", "end", "publish", "remove", "review", "send_back"]

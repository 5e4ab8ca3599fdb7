"""What comes out of the CDK as an interface, as an imported role does, told by its classes and asked in one crossing.

In Python an object stands in for it that has a delegate for each of its types. It asks each attribute twice, first
whether a delegate has it, and tells nothing by its own class.
"""

from __future__ import annotations

from typing import Any, Final

import jsii

# jsii has no public name for it. In a release that keeps it elsewhere, more is asked, and the answers are the same.
_STAND_IN: Final = getattr(getattr(jsii, "_reference_map", None), "InterfaceDynamicProxy", ())


def answering(value: Any, attribute: str) -> Any:
    """Return what of a value answers an attribute by its class: a delegate, or the value itself."""
    delegates = getattr(value, "_delegates", ()) if isinstance(value, _STAND_IN) else ()
    return next((one for one in delegates if hasattr(type(one), attribute)), value)


def offers(value: object, attribute: str) -> bool:
    """Whether a value has an attribute; it is asked only where no class tells."""
    return hasattr(type(answering(value, attribute)), attribute) or hasattr(value, attribute)


def asked(value: object, attribute: str) -> Any:
    """Return an attribute of a value, in one crossing."""
    return getattr(answering(value, attribute), attribute)

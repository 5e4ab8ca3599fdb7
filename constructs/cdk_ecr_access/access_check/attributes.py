"""What an access check found, as values for outputs and other resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_cdk import CustomResource


class CheckAttributes:
    """The attributes of an access check: tokens, known once it has run."""

    _resource: CustomResource

    @property
    def verified(self) -> str:
        """A token for ``"true"`` if all was found allowed at the last deployment; ``"false"`` after a rollback, too."""
        return self._resource.get_att_string("Verified")

    @property
    def allowed_count(self) -> str:
        """A token for the number of requirements that were found allowed."""
        return self._resource.get_att_string("Allowed")

    @property
    def denied_count(self) -> str:
        """A token for the number that was found denied: more than 0 where the check only reports."""
        return self._resource.get_att_string("Denied")

    @property
    def undetermined_count(self) -> str:
        """A token for the number that could not be determined: more than 0 where that is allowed."""
        return self._resource.get_att_string("Undetermined")

    @property
    def not_verifiable_count(self) -> str:
        """A token for the number of which one side is another account's to prove; the log names them."""
        return self._resource.get_att_string("NotVerifiable")

    @property
    def token_endpoint(self) -> str:
        """A token for the address of the registry that tokens of this account and Region are for, with ``https://``."""
        return self._resource.get_att_string("TokenEndpoint")

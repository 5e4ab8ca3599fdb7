"""What is made in bulk is what the constructs render: whole templates, of whatever manifest."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import jsii
import pytest
from aws_cdk import App, Aspects, CfnResource, Environment, IAspect, IPropertyInjector, Stack, Stage, Tags
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Annotations, Match, Template
from constructs import Construct
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cdk_ecr_access import AccessibleRepository
from cdk_ecr_access.cdk.logical_ids import LogicalIds
from cdk_ecr_access.manifest import DeclaredInBulk, DeclaredRepositories
from ecr_access.manifest import ManifestError, parse_manifest
from ecr_access.manifest.deployed import repository_id

if TYPE_CHECKING:
    from aws_cdk import CfnElement
    from constructs import IConstruct

OWN, OTHER = "111122223333", "444455556666"
FLAG = "@aws-cdk/aws-iam:minimizePolicies"
KEY = f"arn:aws:kms:eu-west-1:{OWN}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
SERVICE = "codebuild.amazonaws.com"

_PRINCIPALS: st.SearchStrategy[Any] = st.sampled_from(
    [
        "ci",
        "builder",
        f"arn:aws:iam::{OWN}:role/web",
        f"arn:aws:iam::{OWN}:user/dev",
        f"arn:aws:iam::{OTHER}:role/web",
        OTHER,
        "777788889999",
        "o-abc1234567",
        "o-abc1234567/r-ab12/ou-ab12-11111111/*",
        SERVICE,
        "lambda.amazonaws.com",
        {"service": SERVICE, "source_account": OTHER},
        {"service": SERVICE, "source_arn": f"arn:aws:codebuild:eu-west-1:{OTHER}:project/app"},
    ]
)
_NAMES = st.lists(_PRINCIPALS, max_size=4, unique_by=str)
_ACCESS: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("pull", "push", "pull_push", "read"), _NAMES),
    "lambda_accounts": st.lists(st.sampled_from([OWN, OTHER, "777788889999"]), min_size=1, unique=True),
}
_ARCHIVE = {"tag_prefixes": ["v"], "action": "archive", "max_image_age_days": 90}
_TAGS = st.dictionaries(st.sampled_from(["team", "tier", "cost"]), st.sampled_from(["a", "b"]), max_size=2)
_REPOSITORY = st.fixed_dictionaries(
    {},
    optional={
        **_ACCESS,
        "encryption": st.sampled_from(["KMS", {"type": "KMS", "key": KEY}]),
        "lifecycle": st.sampled_from([[], [_ARCHIVE], [{"max_image_count": 3}]]),
        "removal_policy": st.sampled_from(["retain", "destroy", "retain_on_update_or_delete"]),
        "tags": _TAGS,
    },
)
_MANIFEST = st.fixed_dictionaries(
    {
        "repositories": st.lists(_REPOSITORY, min_size=1, max_size=4),
        "existing": st.lists(st.fixed_dictionaries({}, optional=_ACCESS), max_size=2),
        "tags": _TAGS,
    }
)


@jsii.implements(IAspect)
class MakesMutable:
    """An aspect of an app, for all repositories."""

    def visit(self, node: IConstruct) -> None:
        """Change what the manifest says."""
        if isinstance(node, ecr.CfnRepository):
            node.image_tag_mutability = "MUTABLE"


def whole(manifest: dict[str, Any]) -> dict[str, Any]:
    """Give names to what a manifest declares, and the roles that it names."""
    there = [{"name": f"there-{n}", "policy_covers_grants": True, **one} for n, one in enumerate(manifest["existing"])]
    return {
        "roles": {"ci": {}, "builder": {}},
        "tags": manifest["tags"],
        "repositories": [{"name": f"team/app-{n}", **one} for n, one in enumerate(manifest["repositories"])],
        **({"existing": there} if there else {}),
    }


def rendered(
    how: type[DeclaredInBulk | DeclaredRepositories],
    manifest: dict[str, Any],
    *,
    agnostic: bool = False,
    minimize: bool = True,
    around: bool = False,
) -> Any:
    """Render a manifest, or return what is wrong with it; perhaps in a stage, under an aspect, a boundary and tags."""
    app = App(context={FLAG: minimize})
    scope: Construct = Stage(app, "Prod") if around else app
    env = None if agnostic else Environment(account=OWN, region="eu-west-1")
    stack = Stack(scope, "Images", env=env)
    try:
        made = how(stack, "Declared", manifest=parse_manifest(manifest, source="a test"))
    except ManifestError as error:
        return str(error)
    if around:
        Aspects.of(app).add(MakesMutable())
        iam.PermissionsBoundary.of(scope).apply(iam.ManagedPolicy.from_aws_managed_policy_name("PowerUserAccess"))
        Tags.of(scope).add("team", "outer")
        Tags.of(stack).add("owner", "platform")
    found = dict(Template.from_stack(stack).to_json())
    assert list(made.repositories) == [one["name"] for one in manifest["repositories"]]
    return found


@pytest.mark.slow
@example({"repositories": [{"pull": [f"arn:aws:iam::{OWN}:role/web"]}], "existing": [], "tags": {}}, False, True, False)
@settings(max_examples=40, deadline=None)
@given(_MANIFEST, st.booleans(), st.booleans(), st.booleans())
def test_templates_are_the_same(value: dict[str, Any], agnostic: bool, minimize: bool, around: bool) -> None:  # noqa: FBT001
    """Down to the digest of the policies, in whatever app."""
    manifest = whole(value)
    one, other = (
        rendered(how, manifest, agnostic=agnostic, minimize=minimize, around=around)
        for how in (DeclaredRepositories, DeclaredInBulk)
    )
    assert one == other


def declared(app: App | None = None, *, id_: str = "Images", agnostic: bool = False, **manifest: Any) -> DeclaredInBulk:
    """Make what a manifest declares in bulk, in a stack of its own."""
    env = None if agnostic else Environment(account=OWN, region="eu-west-1")
    stack = Stack(app or App(), id_, env=env)
    return DeclaredInBulk(stack, "Declared", manifest=parse_manifest(manifest, source="a test"))


def policy_of(made: DeclaredInBulk) -> list[dict[str, Any]]:
    """Return the statements of the policy of the only repository."""
    (found,) = Template.from_stack(Stack.of(made)).find_resources("AWS::ECR::Repository").values()
    statements: list[dict[str, Any]] = found["Properties"]["RepositoryPolicyText"]["Statement"]
    return statements


NAMES = ["base", "team/app", "a.b_c-d__e", "team/" + "x" * 250, "declared", "r"]


@pytest.mark.parametrize("path", [["Declared"], ["Outer", "Declared"], ["Default", "app"], ["Resource", "Declared"]])
def test_a_logical_id_is_the_cdks(path: list[str]) -> None:
    """A repository under another one would be made again, and its name is taken."""
    scope: Construct = Stack(App(), "Stack")
    stack = Stack.of(scope)
    for one in path[:-1]:
        scope = Construct(scope, one)
    parts = [Construct(scope, path[-1])]
    parts += [Construct(parts[0], repository_id(name)) for name in NAMES]
    leaves = [CfnResource(one, "Resource", type="AWS::ECR::Repository") for one in parts[1:]]
    assert [LogicalIds(parts[0]).of(repository_id(name)) for name in NAMES] == [
        stack.resolve(leaf.logical_id) for leaf in leaves
    ]


def test_a_stack_with_logical_ids_of_its_own_is_refused() -> None:
    """It would give others than those that are made in bulk."""

    class Own(Stack):
        def _allocate_logical_id(self, element: CfnElement) -> str:
            return f"Own{super()._allocate_logical_id(element)}"

    with pytest.raises(ValueError, match=r"gives logical ids by a rule of its own, 'OwnDeclared.*DeclaredRepositori"):
        DeclaredInBulk(
            Own(App(), "S"), "Declared", manifest=parse_manifest({"repositories": [{"name": "base"}]}, source="")
        )


def test_a_property_injector_for_repositories_is_refused() -> None:
    """It would inject nothing, silently."""

    @jsii.implements(IPropertyInjector)
    class Injector:
        @property
        def construct_unique_id(self) -> str:
            return str(ecr.Repository.PROPERTY_INJECTION_ID)

        def inject(self, original_props: Any, **_: Any) -> Any:
            return original_props

    app = App(property_injectors=[Injector()])
    with pytest.raises(ValueError, match="the app' has a property injector for aws_ecr"):
        declared(app, repositories=[{"name": "base"}])


def test_a_name_of_two_repositories_is_an_error_however_they_are_made() -> None:
    """In bulk and as a construct, in stacks of one account and Region."""
    app = App()
    made = declared(app, repositories=[{"name": "base"}, {"name": "app"}])
    other = Stack(app, "Other", env=Environment(account=OWN, region="eu-west-1"))
    AccessibleRepository(other, "Base", repository_name="base")
    with pytest.raises(RuntimeError, match=r"repository name 'base' is declared 2 times in account 1.*'Other/Base'"):
        app.synth()
    Stack.of(made).node.try_remove_child("Declared")
    app.synth()


def test_a_name_in_two_manifests_is_an_error() -> None:
    """Of one account and Region."""
    app = App()
    for number in range(2):
        declared(app, id_=f"Images{number}", repositories=[{"name": "base"}])
    with pytest.raises(RuntimeError, match="repository name 'base' is declared 2 times in account"):
        app.synth()


@pytest.mark.parametrize("access", [{}, {"pull": [OTHER]}])
def test_a_name_that_an_aspect_changes_is_an_error(access: dict[str, Any]) -> None:
    """The grants and the check name the first, whether there is a check or not."""

    @jsii.implements(IAspect)
    class Renames:
        def visit(self, node: IConstruct) -> None:
            if isinstance(node, ecr.CfnRepository):
                node.repository_name = "other"

    made = declared(repositories=[{"name": "base", **access}])
    Aspects.of(made).add(Renames())
    with pytest.raises(RuntimeError, match=r"was declared as 'base', and an aspect, .* has named it 'other' since"):
        Template.from_stack(Stack.of(made))


def test_a_policy_that_is_too_long_is_an_error() -> None:
    """As for a construct, and called by its name."""
    roles = [f"arn:aws:iam::{OWN}:role/{number:03d}-{'x' * 50}" for number in range(150)]
    made = declared(repositories=[{"name": "base", "pull": roles}])
    with pytest.raises(RuntimeError, match=r"the repository policy of 'base' has up to .* characters; allowed: 10,240"):
        Template.from_stack(Stack.of(made))


def test_refused_grants_are_reported_with_their_paths_and_nothing_is_made() -> None:
    """All at once, as for constructs."""
    stack = Stack(App(), "Stack", env=Environment(account=OWN, region="eu-west-1"))
    manifest = {"repositories": [{"name": "base", "pull": [OTHER, OWN]}, {"name": "app", "push": [OWN]}]}
    with pytest.raises(ManifestError) as raised:
        DeclaredInBulk(stack, "Declared", manifest=parse_manifest(manifest, source="a test"))
    assert [problem.at for problem in raised.value.problems] == ["repositories[0].pull[1]", "repositories[1].push[0]"]
    assert not [one for one in stack.node.find_all() if isinstance(one, ecr.CfnRepository)]


def test_images_that_are_pulled_and_archived_are_warned_about() -> None:
    """Where the resource is."""
    made = declared(repositories=[{"name": "base", "pull": [OTHER], "lifecycle": [_ARCHIVE]}])
    (found,) = Annotations.from_stack(Stack.of(made)).find_warning("*", Match.string_like_regexp("archive images of"))
    assert found.id.startswith("/Images/Declared/Repositories/")


@pytest.mark.parametrize("agnostic", [False, True])
def test_a_grant_in_python_is_added_to_those_of_the_manifest(*, agnostic: bool) -> None:
    """A role of another stack on the identity side, any other principal in the policy; the check proves both."""
    app = App()
    made = declared(app, agnostic=agnostic, repositories=[{"name": "base", "pull": [f"arn:aws:iam::{OWN}:role/web"]}])
    env = None if agnostic else Environment(account=OWN, region="eu-west-1")
    role = iam.Role(Stack(app, "Service", env=env), "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    repository = made.repositories["base"]
    repository.grant_pull(role)
    granted = repository.grant_push(iam.ArnPrincipal(f"arn:aws:iam::{OWN}:role/ci"))
    granted.apply_before(role)
    assert granted.success
    assert [one["Principal"]["AWS"].rpartition("/")[2] for one in policy_of(made)] == ["web", "ci"]
    service = Template.from_stack(Stack.of(role))
    service.has_resource_properties("AWS::IAM::Policy", {"PolicyDocument": Match.object_like({})})
    text = json.dumps(service.to_json())
    assert ("Fn::ImportValue" in text) is agnostic
    assert ("repository/base" in text) is not agnostic
    assert not re.search(r'"Fn::GetAtt": \["DeclaredRepositorybase', text)


def test_a_first_grant_in_python_makes_the_policy() -> None:
    """Of a repository that the manifest grants to no principal."""
    made = declared(repositories=[{"name": "base"}])
    made.repositories["base"].grant_pull(OTHER)
    made.repositories["base"].grant_push(OTHER)
    assert len(policy_of(made)) == 2


def test_a_policy_that_an_aspect_changes_is_proved_again() -> None:
    """The digest is of what is rendered."""

    @jsii.implements(IAspect)
    class Empties:
        def visit(self, node: IConstruct) -> None:
            if isinstance(node, ecr.CfnRepository):
                node.repository_policy_text = None

    digests = []
    for changes in (False, True):
        made = declared(repositories=[{"name": "base", "pull": [OTHER]}])
        if changes:
            Aspects.of(made).add(Empties())
        (check,) = Template.from_stack(Stack.of(made)).find_resources("Custom::EcrAccessCheck").values()
        digests.append(check["Properties"]["Digest"])
    assert digests[0] != digests[1]


def test_what_a_construct_alone_has_is_refused_with_what_to_do() -> None:
    """Whether it is asked for or passed on."""
    repository = declared(repositories=[{"name": "base"}]).repositories["base"]
    with pytest.raises(AttributeError, match="add_lifecycle_rule of repository 'base', which is made in bulk"):
        repository.add_lifecycle_rule(max_image_count=1)
    assert not hasattr(repository, "node")
    assert repository.repository_name == "base"
    assert repository.resource.repository_name == "base"


def test_a_manifest_without_repositories_is_made() -> None:
    """An existing one may be all that it names."""
    made = declared(roles={"ci": {}}, existing=[{"name": "base", "pull": ["ci"]}])
    assert dict(made.repositories) == {}
    Template.from_stack(Stack.of(made)).resource_count_is("AWS::ECR::Repository", 0)


def test_functions_of_another_account_are_found_when_all_is_declared() -> None:
    """Lambda is named in the manifest, and the function in Python, later."""
    app = App()
    made = declared(app, repositories=[{"name": "base", "pull": ["lambda.amazonaws.com"]}])
    there = Stack(app, "There", env=Environment(account=OTHER, region="eu-west-1"))
    uri = f"{OWN}.dkr.ecr.eu-west-1.amazonaws.com/base:v1"
    lambda_.CfnFunction(there, "F", role="arn", package_type="Image", code={"imageUri": uri})
    assert OTHER in str(policy_of(made))

"""What a changed template does to repositories, on small templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from ecr_access.documents.templates.template import Template
from ecr_access.rules.migration.compare import compare
from ecr_access.rules.migration.fates import REPLACING, UPDATED
from ecr_access.rules.migration.plan import Fate
from tests.ecr_access.rules.pieces import ACCOUNT, OTHER_ROLE, OTHER_ROOT, PULL, REGION, WEB, allow, repository, role

if TYPE_CHECKING:
    from ecr_access.rules.migration.plan import Plan, Repository

AES = {"EncryptionType": "AES256"}
KMS = {"EncryptionType": "KMS"}
CHOSEN = {"Fn::If": ["IsNamed", "web", {"Ref": "AWS::NoValue"}]}
GIVEN = {"Ref": "Name"}


def template(path: str = "Images", outputs: object = None, **resources: object) -> Template:
    """A template of one stack."""
    return Template(path, {"Resources": resources, "Outputs": outputs or {}}, ACCOUNT, REGION)


def unnamed(**properties: object) -> dict[str, Any]:
    """A repository that CloudFormation names."""
    return {"Type": "AWS::ECR::Repository", "Properties": properties}


def retained(declared: dict[str, Any], **attributes: object) -> dict[str, Any]:
    """A resource that the stack lets go of."""
    return {**declared, "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain", **attributes}


def one_of(before: dict[str, Any], after: dict[str, Any]) -> Repository:
    """What becomes of a repository under one logical id."""
    (found,) = compare([template(Web=before)], [template(Web=after)]).repositories
    return found


def plan_of(before: dict[str, Any], after: dict[str, Any]) -> Plan:
    """A plan for one stack."""
    return compare([template(**before)], [template(**after)])


def test_the_properties_are_those_of_the_resource_types_schema() -> None:
    """AWS publishes which of them CloudFormation replaces a repository for; cfn-lint brings the schema along."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", "AWS::ECR::Repository").schema
    replacing = {path.split("/")[2] for path in schema["createOnlyProperties"]}
    read_only = {path.split("/")[2] for path in schema["readOnlyProperties"]}
    assert replacing == {*REPLACING}
    assert {*schema["properties"]} - read_only == {*REPLACING, *UPDATED}


@pytest.mark.parametrize(
    ("before", "after", "fate", "reason"),
    [
        (repository(), repository(), Fate.IN_PLACE, ""),
        (unnamed(), unnamed(ImageTagMutability="IMMUTABLE"), Fate.IN_PLACE, ""),
        (
            unnamed(),
            repository(),
            Fate.REPLACED,
            "RepositoryName changes from what CloudFormation or ECR chooses to web",
        ),
        (
            repository(),
            unnamed(),
            Fate.REPLACED,
            "RepositoryName changes from web to what CloudFormation or ECR chooses",
        ),
        (repository(), repository(RepositoryName="api"), Fate.REPLACED, "RepositoryName changes from web to api"),
        (unnamed(), unnamed(EncryptionConfiguration=AES), Fate.REPLACED, "EncryptionConfiguration changes from what"),
        (
            unnamed(EncryptionConfiguration=AES),
            unnamed(EncryptionConfiguration=KMS),
            Fate.REPLACED,
            'EncryptionConfiguration changes from {"EncryptionType":"AES256"}',
        ),
        (
            unnamed(EncryptionConfiguration=KMS),
            unnamed(EncryptionConfiguration={"KmsKey": GIVEN, **KMS}),
            Fate.REPLACED,
            "${Name}",
        ),
        (
            unnamed(EncryptionConfiguration={"KmsKey": GIVEN}),
            unnamed(EncryptionConfiguration={"KmsKey": {"Ref": "Other"}}),
            Fate.UNDETERMINED,
            "EncryptionConfiguration is",
        ),
        (
            repository(RepositoryName=GIVEN),
            repository(),
            Fate.UNDETERMINED,
            "RepositoryName is ${Name} and becomes web",
        ),
        (repository(RepositoryName=GIVEN), repository(RepositoryName=GIVEN), Fate.IN_PLACE, ""),
        (
            unnamed(EncryptionConfiguration={"KmsKey": GIVEN, **KMS}),
            unnamed(EncryptionConfiguration={**KMS, "KmsKey": GIVEN}),
            Fate.IN_PLACE,
            "",
        ),
        (unnamed(RepositoryName=CHOSEN), unnamed(), Fate.UNDETERMINED, "known at deploy time"),
        (unnamed(), unnamed(RepositoryName=CHOSEN), Fate.UNDETERMINED, "known at deploy time"),
        (unnamed(), unnamed(RepositoryName={"Ref": "AWS::NoValue"}), Fate.IN_PLACE, ""),
        (
            repository(),
            {**repository(), "Condition": "IsProduction"},
            Fate.UNDETERMINED,
            "its Condition changes",
        ),
        (unnamed(), unnamed(Novelty=1), Fate.UNDETERMINED, "Novelty changes, and what CloudFormation does"),
        (repository(), {"Type": "AWS::S3::Bucket"}, Fate.UNDETERMINED, "CloudFormation refuses to change"),
    ],
)
def test_a_repository_is_replaced_for_what_cloudformation_replaces_it_for(
    before: dict[str, Any], after: dict[str, Any], fate: Fate, reason: str
) -> None:
    """And what depends on the deployment is neither replaced nor in place."""
    found = one_of(before, after)
    assert found.fate is fate
    assert any(reason in one for one in found.reasons) if reason else not found.reasons


def test_a_custom_name_cannot_be_kept_by_a_replacement() -> None:
    """CloudFormation makes the new repository first, whose name is taken."""
    found = one_of(repository(), repository(EncryptionConfiguration=KMS))
    assert "the deployment fails: a repository of the name web is there already" in found.reasons


@pytest.mark.parametrize(
    ("attributes", "fate", "left"),
    [
        ({}, Fate.DELETED, "is deleted if it holds no image"),
        ({"DeletionPolicy": "Retain"}, Fate.RETAINED, "stays with its images"),
        ({"DeletionPolicy": {"Ref": "Policy"}}, Fate.UNDETERMINED, "DeletionPolicy is ${Policy}, which only"),
        ({"DeletionPolicy": "RetainExceptOnCreate"}, Fate.RETAINED, "stays with its images"),
        ({"DeletionPolicy": "Delete", "Properties": {"EmptyOnDelete": True}}, Fate.DELETED, "deleted with its images"),
    ],
)
def test_the_old_template_says_what_becomes_of_what_is_removed(
    attributes: dict[str, Any], fate: Fate, left: str
) -> None:
    """Its deletion policy is the one that is deployed."""
    (found,) = plan_of({"Web": {**unnamed(), **attributes}}, {}).repositories
    assert found.fate is fate
    assert left in found.reasons[-1]


@pytest.mark.parametrize(
    ("old", "new", "left"),
    [
        ("Retain", "Retain", "stays with its images"),
        ("Delete", "Delete", "is deleted if it holds no image"),
        ("Retain", "Delete", "UpdateReplacePolicy changes"),
    ],
)
def test_a_replacement_says_what_becomes_of_the_old_repository(old: str, new: str, left: str) -> None:
    """Where the two templates agree about it."""
    found = one_of({**unnamed(), "UpdateReplacePolicy": old}, {**repository(), "UpdateReplacePolicy": new})
    assert left in found.reasons[-1]


@pytest.mark.parametrize(
    ("before", "after", "fates"),
    [
        ({"Web11111111": unnamed()}, {"ScopeWeb22222222": unnamed()}, [Fate.REPLACED]),
        ({"Web11111111": repository()}, {"Api22222222": repository()}, [Fate.REPLACED]),
        (
            {"Web11111111": repository(RepositoryName=GIVEN)},
            {"Api22222222": repository(RepositoryName=GIVEN)},
            [Fate.REPLACED],
        ),
        ({"Web11111111": unnamed()}, {"Api22222222": unnamed()}, [Fate.DELETED, Fate.NEW]),
        (
            {"Web11111111": repository()},
            {"MyWeb22222222": repository(RepositoryName="api")},
            [Fate.DELETED, Fate.NEW],
        ),
    ],
)
def test_a_logical_id_that_changes_replaces_the_repository(
    before: dict[str, Any], after: dict[str, Any], fates: list[Fate]
) -> None:
    """If it has the same name, or is the same construct elsewhere in the tree; others come and go."""
    found = plan_of(before, after)
    assert [one.fate for one in found.repositories] == fates
    assert not found.is_safe
    if fates == [Fate.REPLACED]:
        (setting,) = [one for one in found.repositories[0].settings if one.name == "logical id"]
        assert setting.keep == 'repository.node.default_child.override_logical_id("Web11111111")'


def test_a_name_that_a_condition_may_leave_out_is_not_said_to_be_taken() -> None:
    """CloudFormation makes another one where it is left out."""
    before, after = unnamed(RepositoryName=CHOSEN), unnamed(RepositoryName=CHOSEN)
    (found,) = plan_of({"Web11111111": before}, {"Api22222222": after}).repositories
    assert found.fate is Fate.REPLACED
    assert not any("the deployment fails" in one for one in found.reasons)


def test_a_repository_that_moves_to_another_stack_meets_its_own_name() -> None:
    """It is retained where it was, and cannot be made where it goes."""
    before = [template("A", Web=retained(repository())), template("B")]
    after = [template("A"), template("B", Web=retained(repository()))]
    (found,) = compare(before, after).repositories
    assert found.fate is Fate.REPLACED
    assert found.reasons[0] == "it moves to the stack of B"
    assert "the deployment fails" in found.reasons[1]
    assert "--import-existing-resources" in found.reasons[-1]


def test_a_stack_that_is_left_out_keeps_its_repositories() -> None:
    """Deploying the others does not delete it, so that nothing is said for certain."""
    (found,) = compare([template("A", Web=repository()), template("B")], [template("B")]).repositories
    assert found.fate is Fate.UNDETERMINED


def test_a_nested_stack_that_is_removed_takes_its_repositories_along() -> None:
    """As their deletion policies say: CloudFormation deletes the nested stack itself."""
    nested = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "inner.yaml"}}
    before = [template("Images", Nested=nested), template("inner.yaml", Web=retained(repository()))]
    (found,) = compare(before, [template("Images")]).repositories
    assert found.fate is Fate.RETAINED
    assert found.reasons[0] == "its nested stack leaves the template that deploys it"


def test_a_condition_that_means_something_else_is_undetermined() -> None:
    """Although the resource names the same one."""

    def conditional(region: str) -> Template:
        conditions = {"IsHome": {"Fn::Equals": [{"Ref": "AWS::Region"}, region]}}
        resources = {"Web": {**repository(), "Condition": "IsHome"}}
        return Template("Images", {"Conditions": conditions, "Resources": resources}, ACCOUNT, REGION)

    fates = [compare([conditional("eu-west-1")], [conditional(one)]).repositories[0].fate for one in ("eu-west-1", "a")]
    assert fates == [Fate.IN_PLACE, Fate.UNDETERMINED]


def test_a_new_repository_is_safe() -> None:
    """It takes nothing away."""
    found = plan_of({}, {"Web": repository()})
    assert [one.fate for one in found.repositories] == [Fate.NEW]
    assert found.is_safe


@pytest.mark.parametrize(
    ("before", "after", "setting"),
    [
        (unnamed(), unnamed(ImageTagMutability="MUTABLE"), None),
        (unnamed(), unnamed(ImageScanningConfiguration={"ScanOnPush": "false"}), None),
        (unnamed(EmptyOnDelete=False), unnamed(), None),
        (
            unnamed(),
            unnamed(ImageTagMutability="IMMUTABLE"),
            ("tag mutability", "mutable", "immutable", "image_tag_mutability=ecr.TagMutability.MUTABLE"),
        ),
        (
            unnamed(ImageTagMutability=GIVEN),
            unnamed(ImageTagMutability="IMMUTABLE"),
            ("tag mutability", "${Name}", "immutable", ""),
        ),
        (
            unnamed(Tags=[{"Key": "team", "Value": "web"}]),
            unnamed(),
            ("tag team", "web", "none", 'Tags.of(repository).add("team", "web")'),
        ),
        (
            unnamed(),
            unnamed(Tags=[{"Key": "team", "Value": "web"}]),
            ("tag team", "none", "web", 'Tags.of(repository).remove("team")'),
        ),
        (
            retained(unnamed()),
            unnamed(),
            ("removal policy", "RETAIN", "DESTROY", "removal_policy=RemovalPolicy.RETAIN"),
        ),
        (
            {**unnamed(), "DeletionPolicy": "Retain"},
            unnamed(),
            ("removal policy", "Retain; when it is replaced, Delete", "DESTROY", ""),
        ),
    ],
)
def test_a_setting_that_changes_says_what_keeps_it(
    before: dict[str, Any], after: dict[str, Any], setting: tuple[str, ...] | None
) -> None:
    """What is the default and what is written out are the same."""
    found = [(one.name, one.before, one.after, one.keep) for one in one_of(before, after).settings]
    assert found == ([setting] if setting else [])


def changed(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What changes in a repository policy."""
    found = one_of(repository(*before), repository(*after)).statements
    return [(one.course.value, one.statement) for one in found]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([allow(PULL, Principal="*")], [allow([one], Principal={"AWS": "*"}) for one in reversed(PULL)]),
        (
            [allow("ecr:BatchGetImage", Principal={"AWS": OTHER_ROOT})],
            [allow("ecr:batchgetimage", Principal={"AWS": "444455556666"}, Sid="Named")],
        ),
        (
            [allow(PULL, Principal={"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::444455556666:root"}})],
            [allow(PULL, Principal={"AWS": OTHER_ROOT})],
        ),
    ],
)
def test_statements_that_say_the_same_are_no_change(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    """Whatever their order, grouping, case and ids."""
    assert changed(before, after) == []


def test_a_partition_is_the_same_written_out_or_not() -> None:
    """Also where the Region is not known, which tells the partition."""

    def policies(partition: str) -> list[Template]:
        resource = {"Fn::Sub": f"arn:{partition}:ecr:eu-west-1:{ACCOUNT}:repository/web"}
        principal = {"Fn::Sub": f"arn:{partition}:iam::444455556666:root"}
        held = {
            "Web": repository(allow(PULL, Principal={"AWS": principal})),
            "Ci": role(allow(PULL, Resource=resource)),
        }
        return [Template("Images", {"Resources": held})]

    plan = compare(policies("aws"), policies("${AWS::Partition}"))
    assert plan.repositories[0].statements == ()
    assert plan.principals == ()


def test_statements_that_come_and_go_are_told_with_their_principal_and_condition() -> None:
    """As the swap of a role of another account writes them."""
    condition = {"ArnLike": {"aws:PrincipalArn": OTHER_ROLE}}
    before = [allow(PULL, Principal={"AWS": OTHER_ROLE})]
    after = [allow(PULL, Principal={"AWS": OTHER_ROOT}, Condition=condition)]
    actions = ", ".join(sorted(PULL))
    assert changed(before, after) == [
        ("goes", f"Allow {actions} to {OTHER_ROLE}"),
        ("comes", f"Allow {actions} to {OTHER_ROOT} if ArnLike aws:PrincipalArn = {OTHER_ROLE}"),
    ]


def test_elements_that_exclude_are_a_part_of_what_a_statement_says() -> None:
    """``NotPrincipal`` and ``NotAction`` are compared as they are."""
    before = [{"Effect": "Deny", "NotPrincipal": {"AWS": OTHER_ROLE}, "NotAction": ["ecr:PutImage"]}]
    after = [{"Effect": "Deny", "NotPrincipal": {"AWS": OTHER_ROOT}, "NotAction": ["ecr:PutImage"]}]
    assert changed(before, before) == []
    assert changed(before, after) == [
        ("goes", f"Deny all but ecr:PutImage for all but {OTHER_ROLE}"),
        ("comes", f"Deny all but ecr:PutImage for all but {OTHER_ROOT}"),
    ]


def test_what_only_the_deployment_knows_may_be_the_same() -> None:
    """It is told as such, once."""
    before = [allow("ecr:BatchGetImage", Principal={"AWS": {"Ref": "Reader"}})]
    after = [allow("ecr:BatchGetImage", Principal={"AWS": OTHER_ROLE})]
    assert changed(before, after) == [("may change", "Allow ecr:BatchGetImage to ${Reader}")]
    before = [allow("ecr:BatchGetImage", Principal={"AWS": {"Fn::Sub": "arn:aws:iam::${Reader}:root"}})]
    after = [allow("ecr:BatchGetImage", Principal={"AWS": "444455556666"})]
    assert [course for course, _ in changed(before, after)] == ["may change"]


def test_a_roles_statements_are_compared_wherever_they_are_attached() -> None:
    """An inline policy and one beside the role say the same; other services are left out."""
    statement = allow(PULL, Resource=WEB)
    other = allow("s3:GetObject", Resource="*")
    policy = {
        "Type": "AWS::IAM::Policy",
        "Properties": {"Roles": [{"Ref": "Ci"}], "PolicyDocument": {"Statement": [statement]}},
    }
    inline = role(statement, other)
    assert plan_of({"Ci": inline}, {"Ci": role(), "Policy": policy}).principals == ()
    (found,) = plan_of({"Ci": inline}, {"Ci": role()}).principals
    assert found.label == "role ci"
    assert [(one.course.value, one.statement) for one in found.statements] == [
        ("goes", f"Allow {', '.join(sorted(PULL))} on {WEB}")
    ]


def test_a_policy_of_a_role_of_another_app_is_compared_too() -> None:
    """It is attached by the role's name."""

    def policy(*statements: object) -> dict[str, Any]:
        document = {"Statement": [*statements]}
        return {"Type": "AWS::IAM::Policy", "Properties": {"Roles": ["deployer"], "PolicyDocument": document}}

    (found,) = plan_of({"P": policy(allow(PULL, Resource=WEB))}, {"P": policy()}).principals
    assert found.label == "policy P of deployer"


@pytest.mark.parametrize(
    ("old", "new", "course"),
    [
        ([], [], "goes"),
        (["x"], ["x"], "goes"),
        (["x"], [], "goes"),
        ([], ["x"], "may change"),
        ([], [GIVEN], "may change"),
    ],
)
def test_a_statement_goes_for_certain_where_the_new_policies_hide_no_more(
    old: list[object], new: list[object], course: str
) -> None:
    """A managed policy that is added, and that is not known, may hold it."""
    statement = allow(PULL, Resource=WEB)
    before = role(statement, ManagedPolicyArns=[f"arn:aws:iam::{ACCOUNT}:policy/{one}" for one in old])
    arns = [one if isinstance(one, dict) else f"arn:aws:iam::{ACCOUNT}:policy/{one}" for one in new]
    (found,) = plan_of({"Ci": before}, {"Ci": role(ManagedPolicyArns=arns)}).principals
    assert [one.course.value for one in found.statements] == [course]


EXPORT = {"Web": {"Value": {"Fn::GetAtt": ["Web", "Arn"]}, "Export": {"Name": "Images:ExportsOutputWeb"}}}


@pytest.mark.parametrize("outputs", [{}, {"Web": {**EXPORT["Web"], "Value": "arn:aws:ecr:eu-west-1:1:repository/x"}}])
def test_an_export_that_another_stack_imports_must_stay(outputs: dict[str, Any]) -> None:
    """CloudFormation refuses to remove or to change it."""
    user = template("Users", Ci=role(allow(PULL, Resource={"Fn::ImportValue": "Images:ExportsOutputWeb"})))
    before = [template(outputs=EXPORT, Web=repository()), user]
    found = compare(before, [template(outputs=outputs, Web=repository()), user])
    (export,) = found.exports
    assert export.importers == ("Users",)
    assert export.keep == "stack.export_value(repository.repository_arn)"
    assert not found.is_safe
    assert compare(before, before).is_safe


def test_an_export_that_is_imported_by_no_template_is_told_alone() -> None:
    """Another app may import it, which is not seen from here."""
    found = compare([template(outputs=EXPORT, Web=repository())], [template(Web=repository())])
    assert [one.importers for one in found.exports] == [()]
    assert found.is_safe


def test_what_is_not_shown_is_a_note() -> None:
    """A macro may add repositories, and so may a nested stack that is not at hand."""
    nested = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://example.com/x.json"}}
    macro = Template("Images", {"Transform": "Own", "Resources": {"Nested": nested}}, ACCOUNT, REGION)
    notes = compare([template()], [macro]).notes
    assert notes == (
        "Images: what a macro or a module adds to the new template is not shown",
        "Images: Nested: the template of this nested stack is not at hand, and what it changes is not shown",
    )

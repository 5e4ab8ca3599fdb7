"""Intrinsic functions are resolved as far as the app's templates tell, and never raise."""

from __future__ import annotations

from typing import Any

import pytest

from ecr_access.documents.templates.intrinsics import Resolver
from ecr_access.documents.templates.template import Template
from ecr_access.documents.templates.unknowns import shown
from ecr_access.iam.unknown_text import is_known, is_mark

ACCOUNT, REGION = "111122223333", "eu-west-1"
ARN = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/team/web"
NOTHING = {"Ref": "AWS::NoValue"}
RESOURCES = {
    "Web": {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": "team/web"}},
    "Unnamed": {"Type": "AWS::ECR::Repository"},
    "Ci": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "ci", "Path": "/team/"}},
    "Nameless": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": NOTHING, "Path": NOTHING}},
    "Other": {"Type": "AWS::S3::Bucket"},
}
DOCUMENT = {
    "Parameters": {"Stage": {"Type": "String", "Default": "dev"}},
    "Mappings": {"Names": {REGION: {"web": "team/web", "number": 7, "list": ["a"]}}},
    "Resources": RESOURCES,
    "Outputs": {
        "Arn": {"Value": {"Fn::GetAtt": ["Web", "Arn"]}, "Export": {"Name": {"Fn::Sub": "web-${AWS::Region}"}}}
    },
}


def resolved(value: object, document: Any = None, *, account: str = ACCOUNT, region: str = REGION) -> str:
    """A value as a person reads it."""
    template = Template("a.json", document or DOCUMENT, account, region)
    return shown(Resolver([template]).text(value, template))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        (7, "7"),
        (True, "true"),
        ({"Ref": "AWS::AccountId"}, ACCOUNT),
        ({"Ref": "AWS::Region"}, REGION),
        ({"Ref": "AWS::Partition"}, "aws"),
        ({"Ref": "AWS::URLSuffix"}, "amazonaws.com"),
        ({"Ref": "AWS::StackName"}, "${AWS::StackName}"),
        (NOTHING, ""),
        ({"Ref": "Web"}, "team/web"),
        ({"Ref": "Unnamed"}, "${Unnamed}"),
        ({"Ref": "Stage"}, "${Stage}"),
        ({"Ref": "Absent"}, "${Absent}"),
        ({"Fn::GetAtt": ["Web", "Arn"]}, ARN),
        ({"Fn::GetAtt": "Web.Arn"}, ARN),
        ({"Fn::GetAtt": ["Web", "RepositoryUri"]}, f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/team/web"),
        ({"Fn::GetAtt": ["Unnamed", "Arn"]}, f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/${{Unnamed}}"),
        ({"Fn::GetAtt": ["Ci", "Arn"]}, f"arn:aws:iam::{ACCOUNT}:role/team/ci"),
        ({"Fn::GetAtt": ["Nameless", "Arn"]}, f"arn:aws:iam::{ACCOUNT}:role/${{Nameless}}"),
        ({"Fn::GetAtt": ["Other", "Arn"]}, "${Other.Arn}"),
        ({"Fn::GetAtt": ["Web"]}, "${Web}"),
        ({"Fn::Join": ["/", ["a", {"Ref": "Web"}, {"Ref": "Stage"}]]}, "a/team/web/${Stage}"),
        ({"Fn::Join": ["/", {"Ref": "Stage"}]}, '${["/", {"Ref": "Stage"}]}'),
        ({"Fn::Sub": "${AWS::AccountId}.${Web}.${Web.Arn}"}, f"{ACCOUNT}.team/web.{ARN}"),
        ({"Fn::Sub": ["${Given}-${Stage}", {"Given": {"Ref": "Web"}}]}, "team/web-${Stage}"),
        ({"Fn::Sub": "${!Literal}"}, "${Literal}"),
        ({"Fn::Select": [1, ["a", "b"]]}, "b"),
        ({"Fn::Select": ["0", [{"Ref": "Web"}]]}, "team/web"),
        ({"Fn::Select": [5, {"Fn::Split": [":", {"Fn::GetAtt": ["Web", "Arn"]}]}]}, "repository/team/web"),
        ({"Fn::Select": [4, {"Fn::Split": [":", {"Fn::GetAtt": ["Unnamed", "Arn"]}]}]}, ACCOUNT),
        ({"Fn::FindInMap": ["Names", {"Ref": "AWS::Region"}, "web"]}, "team/web"),
        ({"Fn::FindInMap": ["Names", {"Ref": "AWS::Region"}, "number"]}, "7"),
        ({"Fn::ImportValue": "web-eu-west-1"}, ARN),
        ({"Fn::ImportValue": {"Fn::Join": ["-", ["web", {"Ref": "AWS::Region"}]]}}, ARN),
        ({"Fn::ImportValue": "absent"}, "${absent}"),
        ({"Fn::Select": [1, {"Fn::Split": ["/", {"Fn::Sub": "a/${Web}"}]}]}, "team"),
    ],
)
def test_a_function_is_resolved(value: object, text: str) -> None:
    """Or marked, by what it refers to."""
    assert resolved(value) == text


@pytest.mark.parametrize(
    "value",
    [
        {"Fn::If": ["IsProd", "a", "b"]},
        {"Fn::Base64": "a"},
        {"Fn::Select": [9, ["a"]]},
        {"Fn::Select": ["9" * 5000, ["a"]]},
        {"Fn::Select": [{"Ref": "Stage"}, ["a"]]},
        {"Fn::Select": [0, {"Fn::Split": ["/", {"Ref": "Stage"}]}]},
        {"Fn::Select": [0, {"Fn::Split": ["", "a"]}]},
        {"Fn::FindInMap": ["Names", {"Ref": "Stage"}, "web"]},
        {"Fn::FindInMap": ["Names", REGION, "list"]},
        {"Ref": "Web", "Fn::Sub": "a"},
        ["a"],
        None,
    ],
)
def test_what_the_templates_do_not_tell_is_unknown(value: object) -> None:
    """Nothing is guessed: a parameter may hold what is split at, and a default may be overridden."""
    template = Template("a.json", DOCUMENT, ACCOUNT, REGION)
    assert is_mark(Resolver([template]).text(value, template))


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [("cn-north-1", "aws-cn", "amazonaws.com.cn"), ("us-gov-west-1", "aws-us-gov", "amazonaws.com")],
)
def test_other_partitions(region: str, partition: str, suffix: str) -> None:
    """A Region belongs to one."""
    assert resolved({"Ref": "AWS::Partition"}, region=region) == partition
    assert resolved({"Ref": "AWS::URLSuffix"}, region=region) == suffix


def test_an_agnostic_stack_is_marked_by_its_pseudo_parameters() -> None:
    """The same in every template of the app."""
    arn = resolved({"Fn::GetAtt": ["Web", "Arn"]}, account="", region="")
    assert arn == "arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/team/web"


def test_a_list_of_values() -> None:
    """One value is a list of one; a split is read; what is no value is left out."""
    template = Template("a.json", DOCUMENT, ACCOUNT, REGION)
    texts = Resolver([template]).texts
    assert texts("a", template) == ["a"]
    assert texts(["a", NOTHING, {"Ref": "Web"}], template) == ["a", "team/web"]
    assert texts({"Fn::Split": [",", "a,b"]}, template) == ["a", "b"]
    assert texts(None, template) == []
    assert [is_known(one) for one in texts({"Fn::Split": [",", {"Ref": "Stage"}]}, template)] == [False]


def test_exports_belong_to_an_account_and_a_region() -> None:
    """An export of another Region is another one, or none."""
    here = Template("here.json", DOCUMENT, ACCOUNT, REGION)
    importing = Template("importing.json", {"Resources": {}}, ACCOUNT, REGION)
    elsewhere = Template("elsewhere.json", {"Resources": {}}, ACCOUNT, "us-east-1")
    resolver = Resolver([importing, elsewhere, here])
    assert resolver.text({"Fn::ImportValue": "web-eu-west-1"}, importing) == ARN
    assert is_mark(resolver.text({"Fn::ImportValue": "web-eu-west-1"}, elsewhere))


def test_of_two_exports_of_one_name_neither_is_certainly_meant() -> None:
    """The places of their templates are not known, and so may be two."""
    here, there = (Template(f"{name}.json", DOCUMENT) for name in ("here", "there"))
    importing = Template("importing.json", {"Resources": {}})
    name = {"Fn::ImportValue": {"Fn::Sub": "web-${AWS::Region}"}}
    assert is_mark(Resolver([here, there, importing]).text(name, importing))
    assert not is_mark(Resolver([here, importing]).text(name, importing))


@pytest.mark.parametrize(
    ("account", "region", "name", "text"),
    [
        (ACCOUNT, "us-east-1", "/cdk/exports/There/Arn", ARN),
        (ACCOUNT, "us-east-1", "/cdk/exports/There/Other", "${/cdk/exports/There/Other}"),
        (ACCOUNT, "us-west-2", "/cdk/exports/There/Arn", "${/cdk/exports/There/Arn}"),
        ("444455556666", "us-east-1", "/cdk/exports/There/Arn", "${/cdk/exports/There/Arn}"),
    ],
)
def test_what_the_cdk_writes_for_another_region_is_read_there(account: str, region: str, name: str, text: str) -> None:
    """By its custom resources, in the Region that it writes to and in no other."""
    props = {"region": "us-east-1", "exports": {"/cdk/exports/There/Arn": {"Fn::GetAtt": ["Web", "Arn"]}}}
    writer = {"Type": "Custom::CrossRegionExportWriter", "Properties": {"WriterProps": props}}
    here = Template("a.json", {"Resources": {**RESOURCES, "Writer": writer}}, ACCOUNT, REGION)
    reader = {"Reader": {"Type": "Custom::CrossRegionExportReader", "Properties": {}}}
    there = Template("b.json", {"Resources": reader}, account, region)
    assert shown(Resolver([here, there]).text({"Fn::GetAtt": ["Reader", name]}, there)) == text


def test_an_object_is_written_as_text() -> None:
    """With what is known of its functions."""
    value = {"a": [1, NOTHING, {"Ref": "Web"}], "b": {"Fn::Sub": '"${Stage}"'}, "c": NOTHING, "d": None, "e": True}
    assert resolved({"Fn::ToJsonString": value}) == '{"a":[1,"team/web"],"b":"\\"${Stage}\\"","d":null,"e":true}'


def test_what_has_the_same_name_in_two_templates_is_not_the_same() -> None:
    """Logical ids are a template's own."""
    one, other = (Template(f"{name}.json", DOCUMENT, ACCOUNT, REGION) for name in "ab")
    resolver = Resolver([one, other])
    assert resolver.text({"Ref": "Unnamed"}, one) != resolver.text({"Ref": "Unnamed"}, other)


def _named(*parts: object) -> dict[str, Any]:
    return {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": {"Fn::Join": ["", list(parts)]}}}


def _exporting(value: object) -> dict[str, Any]:
    return {"Value": value, "Export": {"Name": "x"}}


@pytest.mark.parametrize(
    "document",
    [
        {"Resources": {"A": _named({"Ref": "A"}, {"Ref": "A"})}},
        {"Resources": {"A": _named(*[{"Ref": "B"}] * 9), "B": _named(*[{"Fn::GetAtt": ["A", "Arn"]}] * 9)}},
        {
            "Resources": {"A": _named({"Fn::ImportValue": "x"}, {"Fn::ImportValue": "x"})},
            "Outputs": {"A": _exporting({"Fn::Join": ["", [{"Fn::ImportValue": "x"}] * 9]})},
        },
        {
            "Resources": {"A": _named("a")},
            "Outputs": {"A": {"Value": "", "Export": {"Name": {"Fn::ImportValue": "y"}}}},
        },
    ],
)
@pytest.mark.timeout(10)
def test_what_refers_to_itself_has_an_end(document: dict[str, Any]) -> None:
    """CloudFormation refuses it, but it is not ours to hang."""
    assert isinstance(resolved({"Fn::Sub": "${A.Arn}${A}"}, document), str)
    assert isinstance(resolved({"Fn::ImportValue": "x"}, document), str)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("{{resolve:ssm:/name:1}}", "${resolve:ssm:/name:1}"),
        ("a/{{resolve:ssm:/b}}:{{resolve:secretsmanager:c}}", "a/${resolve:ssm:/b}:${resolve:secretsmanager:c}"),
        ({"Fn::Join": ["", ["{{resolve:ssm:", {"Ref": "Stage"}, "}}"]]}, "${resolve:ssm:${Stage}}"),
        ({"Fn::If": ["A", "{{resolve:ssm:/b}}", ""]}, '${{"Fn::If": ["A", "{{resolve:ssm:/b}}", ""]}}'),
        ("{{resolve:ssm:/open", "{{resolve:ssm:/open"),
    ],
)
def test_a_dynamic_reference_is_not_known(value: object, text: str) -> None:
    """Also one that is put together; what is within another unknown part stays there."""
    assert resolved(value) == text


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [
        ("eu-west-1", "aws", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-east-1", "aws-us-gov", "amazonaws.com"),
        ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
        ("us-iso-west-1", "aws-iso", "c2s.ic.gov"),
        ("us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"),
        ("eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk"),
        ("us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov"),
    ],
)
def test_a_region_tells_its_partition(region: str, partition: str, suffix: str) -> None:
    """All of them."""
    assert resolved({"Fn::Sub": "${AWS::Partition} ${AWS::URLSuffix}"}, region=region) == f"{partition} {suffix}"


@pytest.mark.timeout(10)
@pytest.mark.parametrize("piece", ["${", "${!", "${a}", "{{resolve:", "{{resolve:a}}", "\ue000", "{"])
@pytest.mark.parametrize("end", ["", "}"])
def test_a_huge_text_is_resolved_soon(piece: str, end: str) -> None:
    """In a time that grows with its length: a template may hold a megabyte."""
    assert resolved({"Fn::Sub": piece * 50_000 + end})


def test_what_is_closed_behind_what_is_not_is_resolved() -> None:
    """As it was before either is left out."""
    assert resolved({"Fn::Sub": "${Web}${ ${"}) == "team/web${ ${"
    assert resolved({"Fn::Sub": "{{resolve:{{resolve:ssm:/b}}"}) == "{{resolve:${resolve:ssm:/b}"


@pytest.mark.timeout(10)
@pytest.mark.parametrize("times", [2, 10])
def test_references_that_multiply_have_an_end(times: int) -> None:
    """Thirty short names may stand for more than any memory; what is left out is not known."""
    names = [{"Fn::Sub": f"${{R{number + 1}}}" * times} for number in range(30)]
    resources = {
        f"R{number}": {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": name}}
        for number, name in enumerate([*names, "a" * 1000])
    }
    template = Template("a.json", {"Resources": resources}, ACCOUNT, REGION)
    text = Resolver([template]).text({"Ref": "R0"}, template)
    assert not is_known(text)
    assert len(text) < 3_000_000

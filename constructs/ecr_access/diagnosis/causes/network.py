"""None of the three: ECR was not reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.diagnosis import commands, pages, wording
from ecr_access.diagnosis.cause import Belongs, Cause, Step, sign
from ecr_access.diagnosis.kinds import ErrorKind
from ecr_access.ecr.regions import REGIONS

if TYPE_CHECKING:
    from ecr_access.diagnosis.reading import Reading

_TIMED_OUT: Final = (
    r"(?:i/o timeout|TLS handshake timeout|context deadline exceeded|Client\.Timeout exceeded"
    r"|request canceled while waiting for connection|connection timed out|connect timeout|connection refused"
    r"|no such host|network is unreachable|no route to host|Could not connect to the endpoint|Connection was closed"
    r"|name resolution|server misbehaving|connection reset by peer|broken pipe|proxyconnect tcp)"
)

_NO_HOST: Final = r"(?:no such host|ENOTFOUND|Could not resolve host|Could not connect to the endpoint)"

_IN_THE_APP: Final = """\
vpc.add_interface_endpoint("EcrApi", service=ec2.InterfaceVpcEndpointAwsService.ECR)
vpc.add_interface_endpoint("EcrDocker", service=ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER)
vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)"""


def _endpoints(r: Reading) -> tuple[Step, ...]:
    region = commands.region(r)
    return (
        Step(
            "From the same subnet, is there an answer at all? 401 is one.",
            f"curl -sS -m 5 -o /dev/null -w '%{{http_code}}\\n' https://{commands.registry(r)}/v2/",
        ),
        Step(
            "Without a way out (NAT, or a public address with assignPublicIp), three endpoints are needed: ecr.api, "
            "ecr.dkr (both with private DNS) and the S3 gateway, where the layers are.",
            f"aws ec2 describe-vpc-endpoints --region {region} "
            '--query "VpcEndpoints[].[ServiceName,State,PrivateDnsEnabled,VpcId]" --output table',
        ),
        Step(
            "In the CDK app:",
            _IN_THE_APP,
        ),
        Step(
            "The security group of the endpoints must let port 443 in from the tasks, and that of the tasks must let "
            "it out."
        ),
    )


def _is_unknown(r: Reading) -> bool:
    return bool(r.region and r.region not in REGIONS)


def _no_region(r: Reading) -> str:
    if _is_unknown(r):
        return f"there is no Region {r.region}, as far as this library knows, and so no such host"
    return "the Region's name is wrong or missing, so that there is no such host"


NETWORK: Final = (
    Cause(
        name="no-such-region",
        error=ErrorKind.NONE_OF_THEM,
        signs=(
            sign(r"(?:api\.ecr|dkr\.ecr)\.(?:[a-z]{2}(?:-[a-z]+)+-[0-9]+[a-f])\.amazonaws\.com"),
            sign(r"api\.ecr-public\.(?!us-east-1\b)[a-z]{2}-[a-z-]{3,20}-[0-9]\.amazonaws"),
            sign(
                r"You must specify a region|Provided region_name \S+ doesn't match|Region is missing"
                r"|Missing region in config",
                Belongs.WITH_ECR,
            ),
            sign(rf"(?:dkr[.-]ecr|api\.ecr)[^\n]{{0,300}}?{_NO_HOST}", when=_is_unknown),
            sign(rf"{_NO_HOST}[^\n]{{0,100}}?(?:dkr[.-]ecr|api\.ecr)", when=_is_unknown),
        ),
        summary=_no_region,
        meaning="An Availability Zone, such as eu-west-1a, is no Region. A Region may also be misspelled, or newer "
        "than this library.",
        steps=lambda r: (
            Step("Set the Region.", f"export AWS_REGION={'REGION' if _is_unknown(r) else commands.region(r)}"),
            Step("Which are there?", 'aws ec2 describe-regions --all-regions --query "Regions[].RegionName"'),
            Step("Then sign in.", commands.sign_in(r)),
            Step("The public registry has its API in us-east-1 alone.", commands.sign_in_public()),
        ),
        page=pages.SIGN_IN,
    ),
    Cause(
        name="layers-not-reached",
        error=ErrorKind.NONE_OF_THEM,
        signs=(
            sign(rf"starport-layer-bucket[^\n]{{0,600}}?{_TIMED_OUT}"),
            # What the agent of Fargate does where it gets no layer: it crashes.
            sign(r"pull command failed: panic: runtime error"),
        ),
        summary=lambda _: "ECR answered, and the bucket of the layers was not reached: the way to S3 is missing",
        meaning="Layers come from S3. A VPC with endpoints for ECR alone pulls manifests, and no layers.",
        steps=_endpoints,
        page=pages.ENDPOINTS,
    ),
    Cause(
        name="not-reached",
        error=ErrorKind.NONE_OF_THEM,
        signs=(
            sign(rf"(?:dkr[.-]ecr|api\.ecr|https://ecr\.)[^\n]{{0,600}}?{_TIMED_OUT}"),
            sign(rf"{_TIMED_OUT}[^\n]{{0,200}}?(?:dkr[.-]ecr|api\.ecr|https://ecr\.)"),
            sign(
                r"unable to (?:retrieve ecr|pull) registry auth[^\n]{0,600}?(?:connection issue|send request "
                r"failed|timeout|deadline)"
            ),
            sign(r"There is a connection issue between the task and Amazon ECR"),
            sign(r"CannotPullECRContainerError[^\n]{0,300}(?:Timeout|send request failed)"),
            sign(r"unable to retrieve ecr registry auth: service call has been retried [0-9]{1,3} time\(s\)(?!: ?\w)"),
            sign(
                rf"CannotPullContainerError:[^\n]{{0,300}}?(?:context canceled|request canceled|{_TIMED_OUT})",
                Belongs.UNLESS_ELSEWHERE,
            ),
            sign(r"Inaccessible host: \S{0,3}api\.ecr|(?:ENOTFOUND|EAI_AGAIN|ETIMEDOUT) api\.ecr"),
            sign(r"x509: certificate|Bad Gateway|Service Unavailable|Gateway Time-?out", Belongs.WITH_ECR),
            # A push that is refused ends so too, but at the path of an upload.
            sign(r"dkr[.-]ecr[.\w-]{1,80}/v2/\"?: EOF\b"),
        ),
        summary=lambda r: f"ECR was not reached{wording.region(r)}: it is the network, and no permission",
        meaning="The task, node or function has no way to ECR: no NAT, no public address, no VPC endpoint, or a "
        "security group, route, proxy or name server in between. Or the Region in the address does not exist.",
        steps=_endpoints,
        page=pages.ENDPOINTS,
    ),
)

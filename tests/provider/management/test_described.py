"""The description of the management API is true: what it says may be sent is answered as it says."""

from collections import defaultdict

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.provider.management.conftest import ISSUER, TOKEN

HEADERS = {"Authorization": f"Bearer {TOKEN}"}
DESCRIPTION = ISSUER.removeprefix("https://provider.test") + "/api/openapi.json"
BOUNDED = settings(
    max_examples=12, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@pytest.fixture
def operations(api):
    """Every operation of the description."""
    described = schemathesis.openapi.from_wsgi(DESCRIPTION, api.app, headers=HEADERS)
    found = [each.ok() for each in described.get_all_operations()]
    assert len(found) > 20
    return found


def of_something_that_exists(api, case):
    """The same request about an application, a secret or a user that was just made."""
    if "client_id" in case.path_parameters:
        case.path_parameters["client_id"] = api.created("/applications", type="Traditional", name="Shop")["client_id"]
    if "name" in case.path_parameters:
        case.path_parameters["name"] = "Default secret"
    if "sub" in case.path_parameters:
        number = len(api.get("/users"))
        case.path_parameters["sub"] = api.created("/users", username=f"user number {number}")["sub"]
    return case


def test_what_may_be_sent_is_answered_as_described(api, operations):
    """The rules of the domain (what a URI is, say) are more than a JSON Schema can tell: what fits may be refused."""
    statuses = defaultdict(set)
    for operation in operations:

        @BOUNDED
        @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
        def check(case):
            response = of_something_that_exists(api, case).call(headers=HEADERS)
            statuses[case.operation.label].add(response.status_code)
            case.validate_response(response, headers=HEADERS, excluded_checks=[positive_data_acceptance])

        check()
    without = [label for label, seen in statuses.items() if not seen & {200, 201, 204}]
    assert all("grant_id" in label or "sid" in label for label in without), without


def test_what_may_not_be_sent_is_refused_as_described(operations):
    """Wrong types, values, names, methods and media types; also without the token, or with a wrong one."""
    for operation in operations:

        @BOUNDED
        @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
        def check(case):
            case.call_and_validate(headers=HEADERS)

        check()


def test_a_name_that_is_taken_is_a_described_answer(api):
    """No generated request meets it by chance."""
    paths = {path.partition("/api")[2]: operations for path, operations in api.get("/openapi.json")["paths"].items()}
    for path, method in (
        ("/applications", "post"),
        ("/applications/{client_id}/secrets", "post"),
        ("/users", "post"),
        ("/users/{sub}", "patch"),
    ):
        assert "409" in paths[path][method]["responses"], (method, path)

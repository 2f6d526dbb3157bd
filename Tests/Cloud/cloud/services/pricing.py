"""The Price List API, from a dated list of us-west-2 prices.

https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html
"""

import copy
import json
import pathlib
from decimal import Decimal

from ..errors import AwsError

PRICES = json.loads((pathlib.Path(__file__).parents[2] / "prices.json").read_text())

# Attribute names AWS knows beside those that occur in the list.
FIELDS = {
    "productFamily", "sku", "servicecode", "servicename", "location", "locationType", "regionCode",
    "usagetype", "operation", "termType", "group", "groupDescription", "instanceType",
    "instanceFamily", "databaseEngine", "databaseEdition", "deploymentOption", "licenseModel",
    "engineCode", "volumeType", "storageMedia", "cputype", "memorytype", "vcpu", "memory",
}  # fmt: skip


class Pricing:
    REGIONS = {"us-east-1", "eu-central-1", "ap-south-1"}  # the only ones that have the API

    def __init__(self):
        self.times = Decimal(1)

    def get_products(self, parameters: dict) -> dict:
        """All products the filters leave; the front cuts them into pages."""
        products = _of_service(parameters["ServiceCode"])
        for rule in parameters.get("Filters", []):
            if rule["Field"] not in FIELDS | _attributes(products):
                raise AwsError(
                    "InvalidParameterException",
                    f"Input Parameters are invalid: {rule['Field']} is not an attribute of "
                    f"{parameters['ServiceCode']}",
                )
        rules = parameters.get("Filters", [])
        kept = [p for p in products if all(_meets(p["product"], rule) for rule in rules)]
        priced = [json.dumps(_times(self.times, product)) for product in kept]
        return {"FormatVersion": "aws_v1", "PriceList": priced}

    def describe_services(self, parameters: dict) -> dict:
        code = parameters.get("ServiceCode")
        if code:
            _of_service(code)
        services = [
            {"ServiceCode": name, "AttributeNames": sorted(_attributes(products))}
            for name, products in PRICES.items()
            if code in (None, name)
        ]
        return {"FormatVersion": "aws_v1", "Services": services}


def _times(times: Decimal, product: dict) -> dict:
    """The product at so many times its price."""
    if times == 1:
        return product
    product = copy.deepcopy(product)
    for term in product["terms"]["OnDemand"].values():
        for dimension in term["priceDimensions"].values():
            price = dimension["pricePerUnit"]
            price["USD"] = f"{Decimal(price['USD']) * times:.10f}"
    return product


def _of_service(code: str) -> list[dict]:
    if code not in PRICES:
        raise AwsError("NotFoundException", f"No service has the code {code}")
    return PRICES[code]


def _attributes(products: list[dict]) -> set[str]:
    return {name for product in products for name in product["product"]["attributes"]}


def _meets(product: dict, rule: dict) -> bool:
    actual = product["attributes"].get(rule["Field"], product.get(rule["Field"], ""))
    wanted = rule["Value"]
    match rule["Type"]:
        case "TERM_MATCH" | "EQUALS":
            return actual == wanted
        case "CONTAINS":
            return wanted in actual
        case "ANY_OF":
            return actual in wanted.split(",")
        case "NONE_OF":
            return actual not in wanted.split(",")
    return False

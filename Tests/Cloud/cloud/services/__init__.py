"""The services moto does not answer rightly, one class each.

A class answers the operations it has a method for, `update_service` for UpdateService; everything
else goes on to moto. A method takes the checked parameters and returns the result, or raises
AwsError. `REGIONS` are the regions it is about; None is any.
"""

"""The forecast without a piece of the evidence, from stored draws."""

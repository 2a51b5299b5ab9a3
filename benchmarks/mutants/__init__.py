"""Whether the tests would notice a mistake in the engine: mistakes are planted, one at a time."""

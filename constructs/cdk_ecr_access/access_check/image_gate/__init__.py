"""The image gate: the images that resources are about to run, and the check that looks at them before."""

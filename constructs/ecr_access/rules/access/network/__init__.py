"""What an app says of its VPCs: subnets, routes, endpoints, and the tasks of Fargate that pull from there."""

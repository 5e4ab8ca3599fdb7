"""Amazon ECR itself: names, lifecycle policies and their limits."""

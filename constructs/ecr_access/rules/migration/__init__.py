"""What deploying one set of templates over another does to an app's repositories, and to the access to them."""

"""Rules of ECR access on synthesized templates: errors before anything is deployed."""

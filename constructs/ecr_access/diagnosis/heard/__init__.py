"""Real failures, as EventBridge delivers them: what a person is told of them, and how often.

The Lambda function of ``RegistryWatch`` is this room, the diagnosis and the policy kernel. Its entry is ``handler``.
"""

"""Template files that break rules, with known lines."""

from __future__ import annotations

# An error on line 3, of the role that pulls without a token.
BROKEN = """\
AWSTemplateFormatVersion: 2010-09-09
Resources:
  Ci:
    Type: AWS::IAM::Role
    Properties:
      RoleName: ci
      Policies:
        - PolicyName: pull
          PolicyDocument:
            Version: 2012-10-17
            Statement:
              - Effect: Allow
                Action: [ecr:BatchGetImage, ecr:GetDownloadUrlForLayer]
                Resource: !Sub arn:aws:ecr:${AWS::Region}:${AWS::AccountId}:repository/web
"""

# No error: the token is there.
SOUND = f"""\
{BROKEN}\
              - Effect: Allow
                Action: ecr:GetAuthorizationToken
                Resource: "*"
"""

# Warnings that no other template can take back.
REPOSITORY = """\
Resources:
  Web:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: web
"""

# A statement without a condition, from line 7 of that repository's template on, whose last line is refused.
POLICY = """\
      RepositoryPolicyText: {Statement: [
        {Effect: Allow, Action: "ecr:BatchGetImage",
         Principal: {Service: codebuild.amazonaws.com},
         Sid: Builds,
         Resource: "*"}
      ]}
"""

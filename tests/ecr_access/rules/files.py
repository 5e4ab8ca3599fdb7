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

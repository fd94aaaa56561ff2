@artificial-lift
Feature: Pumping station
  An electric submersible pump lifts oil from a well. Run too fast it draws the well
  down faster than the reservoir refills it: the pump takes in gas, heats up and wears.
  Telemetry shows it, and the back end slows the pump down.

  Scenario: At a moderate speed the well settles
    Given a pumping station "well-3" with:
      | drive frequency | 45 Hz |
    When 24 hours pass
    Then the fluid level of "well-3" stayed above 150 m
    And the hub has received 1440 telemetry messages from "well-3"

  Scenario: A rule sees the well pumping off and slows the pump down
    Given a pumping station "well-3" with:
      | drive frequency | 60 Hz |
    And the service runs the rule "pump-off guard" on "well-3":
      | when | fluid level below 100 m |
      | for  | 10 minutes              |
      | call | setSpeed                |
      | with | {"frequency": 45}       |
    Then the fluid level of "well-3" goes below 100 m within 12 hours
    And the drive frequency of "well-3" goes below 46 Hz within 15 minutes
    And the fluid level of "well-3" goes above 150 m within 12 hours and stays there for 2 hours

  @negative-control
  Scenario: Without the rule the well pumps off
    Given a pumping station "well-3" with:
      | drive frequency | 60 Hz |
    Then the fluid level of "well-3" goes below 100 m within 12 hours
    And the fluid level of "well-3" goes above 150 m within 12 hours and stays there for 2 hours

  Scenario: An operator slows the pump down by hand
    Given a pumping station "well-3" with:
      | drive frequency | 60 Hz |
    When 1 hour passes
    And the service calls "setSpeed" of "well-3" with:
      """
      {"frequency": 50}
      """
    Then the answer has "frequency" set to 50
    And the drive frequency of "well-3" goes below 50.5 Hz within 1 minute

@artificial-lift
Feature: Submersible pump
  An electric submersible pump lifts oil from a well. Run too fast it draws the well
  down faster than the reservoir refills it: the pump swallows gas until it locks, no
  oil flows, and nothing cools the motor any more. Telemetry shows the level falling
  long before; a rule of the back end sees it and slows the pump down.

  Scenario: At a moderate speed the well settles
    Given a submersible pump "well-3" with:
      | drive frequency | 45 Hz |
    When 24 hours pass
    Then the fluid level of "well-3" stayed above 500 m
    And the flow rate of "well-3" stayed between 130 m³/d and 140 m³/d during the last 12 hours
    And the hub has received 1440 telemetry messages from "well-3"
    And no alert of "well-3" was raised

  Scenario: A rule sees the well pumping off and slows the pump down
    Given a submersible pump "well-3" with:
      | drive frequency | 60 Hz |
    And the service runs the rule "pump-off guard" on "well-3":
      | when | fluid level below 200 m |
      | for  | 10 minutes              |
      | call | setSpeed                |
      | with | {"frequency": 45}       |
    Then the fluid level of "well-3" goes below 200 m within 6 hours
    And the drive frequency of "well-3" goes below 45.5 Hz within 15 minutes
    And the fluid level of "well-3" goes above 500 m within 12 hours and stays there for 6 hours
    And the flow rate of "well-3" stayed above 100 m³/d during the last 6 hours
    And no alert of "well-3" was raised

  @negative-control
  Scenario: Without the rule the well pumps off
    Given a submersible pump "well-3" with:
      | drive frequency | 60 Hz |
    Then the fluid level of "well-3" goes below 200 m within 6 hours
    And the fluid level of "well-3" goes above 500 m within 12 hours and stays there for 6 hours
    And the flow rate of "well-3" stayed above 100 m³/d during the last 6 hours

  Scenario: A motor that nothing cools is switched off before it burns
    Given a submersible pump "well-3" with:
      | drive frequency | 60 Hz |
    Then the pump of "well-3" becomes gas locked within 24 hours
    And the alert "windingHot" of "well-3" is raised within 12 hours
    When 1 hour passes
    Then the winding temperature of "well-3" stayed below 155 °C
    And the motor current of "well-3" stayed below 1 A during the last 30 minutes

  Scenario: An operator slows the pump down by hand
    Given a submersible pump "well-3" with:
      | drive frequency | 60 Hz |
    When 1 hour passes
    And the service calls "setSpeed" of "well-3" with:
      """
      {"frequency": 50}
      """
    Then the answer has "frequency" set to 50
    And the drive frequency of "well-3" goes below 50.5 Hz within 1 minute

@cold-chain
Feature: Cold chain
  A refrigerated truck carries frozen goods. Its cooling unit keeps the box cold by
  itself; the telematics unit on board measures, reports and raises the alarm. The
  goods must stay below -15 °C, whatever the weather and the driver do.

  Scenario: A day on the road, reported every 5 minutes
    Given a refrigeration truck "truck-7" with:
      | cargo temperature | -20 °C    |
      | reports every     | 5 minutes |
    When 24 hours pass
    Then the hub has received 288 telemetry messages from "truck-7"
    And the cargo temperature of "truck-7" stayed between -22 °C and -17 °C
    And the reported cargo temperature of "truck-7" stayed between -22 °C and -17 °C
    And no alert of "truck-7" was raised

  Scenario: The service wants to see more, to diagnose a problem
    Given a refrigeration truck "truck-7" with:
      | reports every | 5 minutes |
    When 1 hour passes
    Then the hub has received 12 telemetry messages from "truck-7"
    When the service sets the reporting interval of "truck-7" to 30 seconds
    Then "truck-7" acknowledges the desired property "telemetryInterval" within 10 seconds
    When 1 minute passes
    And 10 minutes pass
    Then the hub has received 20 telemetry messages from "truck-7" in the last 10 minutes

  Scenario: A cargo door left open raises an alert, and the goods stay cold
    Given a refrigeration truck "truck-7" with:
      | cargo temperature    | -20 °C |
      | mean ambient temperature | 30 °C |
      | protocol             | MQTT 3.1.1 |
    When 1 hour passes
    And the cargo door of "truck-7" is opened
    Then the alert "doorOpen" of "truck-7" is raised within 3 minutes
    When 10 minutes pass
    And the cargo door of "truck-7" is closed
    Then the alert "doorOpen" of "truck-7" is cleared within 1 minute
    And the return air temperature of "truck-7" goes below -18 °C within 3 hours and stays there for 10 minutes
    And the cargo temperature of "truck-7" stayed below -15 °C

  @negative-control
  Scenario: A door open all afternoon warms the goods, and the scenario says by how much
    Given a refrigeration truck "truck-7" with:
      | cargo temperature   | -20 °C |
      | mean ambient temperature | 30 °C |
    When the clock reaches 12:00
    And the cargo door of "truck-7" is opened
    And 4 hours pass
    And the cargo door of "truck-7" is closed
    Then the cargo temperature of "truck-7" stayed below -15 °C

  Scenario: The service is warned before the goods are lost
    Given a refrigeration truck "truck-7" with:
      | cargo temperature   | -20 °C |
      | mean ambient temperature | 30 °C |
    When the refrigerant leak of "truck-7" is set to 90 %
    Then the alert "cargoWarm" of "truck-7" is raised within 24 hours
    And the cargo temperature of "truck-7" stayed below -14 °C

  Scenario: A setpoint no truck can hold is refused
    Given a refrigeration truck "truck-7"
    When the service sets the desired property "setpoint" of "truck-7" to -80
    Then "truck-7" refuses the desired property "setpoint" within 10 seconds
    When the service sets the desired property "setpoint" of "truck-7" to -22
    Then "truck-7" acknowledges the desired property "setpoint" within 10 seconds
    And the return air temperature of "truck-7" goes below -21.5 °C within 4 hours

  Scenario: From Leipzig to Berlin, with a door opened on the way
    Given a refrigeration truck "truck-7" with:
      | cargo temperature | -20 °C |
      | fuel level        | 12 %   |
    When the journey of "truck-7" is set to under way
    And 1 hour passes
    And the cargo door of "truck-7" is opened
    And 3 minutes pass
    And the cargo door of "truck-7" is closed
    Then the reported speed of "truck-7" goes above 75 km/h within 30 minutes
    And the latitude of "truck-7" goes above 52.5 ° within 4 hours
    And the cargo temperature of "truck-7" stayed below -15 °C
    And the alert "fuelLow" of "truck-7" is raised within 24 hours

@elevator
Feature: Elevator
  A passenger elevator carries people over twelve floors. Its own control serves
  them; the monitoring unit on the car reports every ride, judges how it feels and
  raises the alarm before somebody is hurt.

  Scenario: An hour in an office building
    Given a passenger elevator "lift-1" with:
      | passenger rate      | 60         |
      | reports rides every | 10 seconds |
    When 1 hour passes
    Then the reported car speed of "lift-1" stayed between -2.5 m/s and 2.5 m/s
    And the levelling of "lift-1" goes below 1 mm within 1 minute
    And the trip count of "lift-1" goes above 40 within 1 second
    And no alert of "lift-1" was raised

  Scenario: The service sends the car to the top floor
    Given a passenger elevator "lift-1" with:
      | passenger rate | 0 |
    When the service calls "callFloor" of "lift-1" with:
      """
      {"floor": 12}
      """
    And 1 second passes
    Then the reported vertical acceleration of "lift-1" goes above 1.05 g0 within 10 seconds
    When 21 seconds pass
    Then the door of "lift-1" becomes open within 1 second
    And the car position of "lift-1" goes above 38.49 m within 1 second

  Scenario: The supply fails between two floors
    The brake falls in, the ropes slip on the sheave, and traction alone stops the
    car. When the supply is back, the ride goes on.
    Given a passenger elevator "lift-1" with:
      | passenger rate | 0 |
    When the service calls "callFloor" of "lift-1" with:
      """
      {"floor": 12}
      """
    And 8 seconds pass
    And the power loss of "lift-1" is set to 100 %
    Then the alert "safetyTrip" of "lift-1" is raised within 10 seconds
    And the rope slip distance of "lift-1" goes above 100 mm within 1 second
    When 1 hour passes
    Then the car position of "lift-1" stayed below 20 m during the last 1 hour
    When the power loss of "lift-1" is set to 0 %
    Then the alert "safetyTrip" of "lift-1" is cleared within 1 minute
    And the car position of "lift-1" goes above 38.49 m within 1 minute

  Scenario: A worn brake lets the empty car go, and the safety gear catches it
    The counterweight is heavier than the empty car, so the car rolls up. At 0.6 of
    its force lost the brake still holds; at 0.9 the governor must act.
    Given a passenger elevator "lift-1" with:
      | passenger rate | 0 |
    When the weak brake of "lift-1" is set to 60 %
    Then the car position of "lift-1" stays below 0.001 m for 10 minutes
    When the weak brake of "lift-1" is set to 90 %
    Then the alert "safetyTrip" of "lift-1" is raised within 30 seconds
    And the trip cause of "lift-1" becomes safety gear within 1 second
    And the reported car speed of "lift-1" stayed below 3.2 m/s
    When the weak brake of "lift-1" is set to 0 %
    And the service calls "reset" of "lift-1"
    Then the alert "safetyTrip" of "lift-1" is cleared within 5 seconds
    And the levelling of "lift-1" goes below 1 mm within 2 minutes

  Scenario: Worn guide shoes are felt before they fail
    Given a passenger elevator "lift-1" with:
      | passenger rate | 60 |
    When 30 minutes pass
    Then no alert of "lift-1" was raised
    When the worn guide shoe of "lift-1" is set to 100 %
    Then the alert "roughRide" of "lift-1" is raised within 30 minutes

  Scenario: Too much freight keeps the door open
    Given a passenger elevator "lift-1" with:
      | passenger rate | 0 |
    When the freight of "lift-1" is set to 1200 kg
    And the service calls "callFloor" of "lift-1" with:
      """
      {"floor": 1}
      """
    Then the alert "overload" of "lift-1" is raised within 30 seconds
    When the service calls "callFloor" of "lift-1" with:
      """
      {"floor": 8}
      """
    Then the car position of "lift-1" stays below 0.001 m for 5 minutes
    When the freight of "lift-1" is set to 900 kg
    Then the alert "overload" of "lift-1" is cleared within 10 seconds
    And the car position of "lift-1" goes above 24.4 m within 1 minute

  Scenario: The service keeps the door open longer for people who move house
    Given a passenger elevator "lift-1" with:
      | passenger rate | 0 |
    When the service sets the desired property "doorDwell" of "lift-1" to 30
    Then "lift-1" acknowledges the desired property "doorDwell" within 10 seconds
    When the service calls "callFloor" of "lift-1" with:
      """
      {"floor": 1}
      """
    And 20 seconds pass
    Then the door of "lift-1" becomes open within 1 second
    When the service sets the desired property "doorDwell" of "lift-1" to 90
    Then "lift-1" refuses the desired property "doorDwell" within 10 seconds

  @negative-control
  Scenario: Smooth grooves let the car overrun the top floor
    Given a passenger elevator "lift-1" with:
      | passenger rate | 0 |
    When the rope slip of "lift-1" is set to 100 %
    And the service calls "callFloor" of "lift-1" with:
      """
      {"floor": 12}
      """
    And 1 minute passes
    Then the car position of "lift-1" stayed below 38.6 m
